package sim

import (
	"net/url"
)

// What a keyboard may have.
const (
	maxCallbackData  = 64
	maxInlineButtons = 100
	maxMarkupBytes   = 10 << 10
)

// markup is what a message does to the keyboards.
type markup struct {
	inline     *InlineKeyboard
	reply      *ReplyKeyboard
	remove     bool
	forceReply bool
}

// markupOf reads the reply_markup of a call.
func markupOf(c *call) (markup, *apiError) {
	object, _ := c.params["reply_markup"].(map[string]any)
	var m markup
	switch {
	case object == nil:
	case object["inline_keyboard"] != nil:
		m.inline = &InlineKeyboard{}
		if !c.into("reply_markup", m.inline) {
			return m, broken("can't parse inline keyboard")
		}
		return m, m.inlineChecked()
	case object["keyboard"] != nil:
		m.reply = &ReplyKeyboard{}
		if !c.into("reply_markup", m.reply) {
			return m, broken("can't parse reply keyboard")
		}
		return m, m.reply.check()
	case object["remove_keyboard"] == true:
		m.remove = true
	case object["force_reply"] == true:
		m.forceReply = true
	}
	return m, nil
}

// inlineChecked drops empty rows, as the server does, and checks the buttons.
func (m *markup) inlineChecked() *apiError {
	var rows [][]InlineButton
	count := 0
	for _, row := range m.inline.Rows {
		for i := range row {
			if err := row[i].check(); err != nil {
				return err
			}
		}
		if count += len(row); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if m.inline.Rows = rows; len(rows) == 0 {
		m.inline = nil
		return nil
	}
	if count > maxInlineButtons || len(mustMarshal(m.inline)) > maxMarkupBytes {
		return broken("reply markup is too long")
	}
	return nil
}

func (b *InlineButton) check() *apiError {
	if b.CopyText != nil && b.CopyText.Text == "" {
		b.CopyText = nil
	}
	actions := 0
	for _, set := range []bool{b.URL != "", b.CallbackData != "", b.WebApp != nil, b.LoginURL != nil, b.SwitchInlineQuery != nil,
		b.SwitchInlineQueryCurrent != nil, b.CopyText != nil, b.Pay} {
		if set {
			actions++
		}
	}
	switch {
	case b.Text == "":
		return broken("can't parse inline keyboard button: button text must be non-empty")
	case actions == 0:
		return broken("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		return broken("inline keyboard button %q must have exactly one action", b.Text)
	case len(b.CallbackData) > maxCallbackData:
		return broken("BUTTON_DATA_INVALID")
	case b.URL != "":
		return checkButtonURL(b.URL)
	}
	return nil
}

func checkButtonURL(address string) *apiError {
	u, err := url.Parse(linkTarget(address))
	if err != nil || u.Scheme == "" || u.Scheme != "tg" && u.Host == "" {
		return broken("BUTTON_URL_INVALID")
	}
	return checkStartLink(address)
}

func (k *ReplyKeyboard) check() *apiError {
	count := 0
	for _, row := range k.Rows {
		count += len(row)
		for _, b := range row {
			if b.Text == "" {
				return broken("can't parse keyboard button: Text must be non-empty")
			}
		}
	}
	if count == 0 {
		return broken("reply keyboard has no buttons")
	}
	if len(mustMarshal(k)) > maxMarkupBytes {
		return broken("reply markup is too long")
	}
	return nil
}
