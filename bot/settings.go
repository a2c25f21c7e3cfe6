package bot

import (
	"duban"
	"duban/text"
)

func (v *visit) showSettings(string) error {
	out, err := v.settings()
	if err == nil {
		v.send(out)
	}
	return err
}

// settings are what a visitor can set, in words of the present language.
func (v *visit) settings() (Outgoing, error) {
	var langs []Button
	for i, lang := range text.Langs {
		langs = append(langs, button(text.Word(lang, "lang.name"), "lang", int64(i)))
	}
	board, err := v.boardButton()
	return Outgoing{Text: v.text("settings.lang", "lang", v.word("lang.name")), Keyboard: append(rows(2, langs...), []Button{board})}, err
}

func (v *visit) pressLang(c call) error {
	if c.id < 0 || int(c.id) >= len(text.Langs) {
		v.answer("press.stale")
		return nil
	}
	lang := text.Langs[c.id]
	if err := v.Desk.SetLang(v.ctx, v.who, string(lang)); err != nil {
		return err
	}
	v.lang = lang
	out, err := v.settings()
	if err != nil {
		return err
	}
	v.replace(out)
	v.send(Outgoing{Text: v.text("settings.done", "lang", v.word("lang.name")), Menu: v.menu()})
	return nil
}

func (v *visit) beginFeedback(rest string) error {
	if rest != "" {
		return v.takeFeedback(rest)
	}
	if err := v.begin("feedback", "", struct{}{}); err != nil {
		return err
	}
	v.say("feedback.begin")
	return nil
}

func (v *visit) feedbackStep(typed string, files []duban.File) (bool, error) {
	if len(files) > 0 || typed == "" {
		return false, nil
	}
	return true, v.thenEnd(v.takeFeedback(typed))
}

func (v *visit) takeFeedback(typed string) error {
	if err := v.Desk.Feedback(v.ctx, v.who, typed); err != nil {
		return err
	}
	v.say("feedback.done")
	return nil
}
