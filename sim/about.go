package sim

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// settings are what the bot says about itself.
type settings struct {
	// commands by scope and language.
	commands map[string][]Command
	// about by field and language.
	about map[string]string
	// menu is the default menu button.
	menu any
}

func newSettings() settings {
	return settings{commands: map[string][]Command{}, about: map[string]string{}, menu: map[string]any{"type": "commands"}}
}

// me is the bot's account with the fields that only getMe shows.
type me struct {
	User
	CanJoinGroups           bool `json:"can_join_groups"`
	CanReadAllGroupMessages bool `json:"can_read_all_group_messages"`
	SupportsInlineQueries   bool `json:"supports_inline_queries"`
	CanConnectToBusiness    bool `json:"can_connect_to_business"`
	HasMainWebApp           bool `json:"has_main_web_app"`
}

func (t *Telegram) getMe(*call) (any, *apiError) {
	return me{User: t.bot, CanJoinGroups: true}, nil
}

func setAbout(name string) func(*Telegram, *call) (any, *apiError) {
	return func(t *Telegram, c *call) (any, *apiError) {
		t.settings.about[name+" "+c.text("language_code")] = c.text(name)
		return true, nil
	}
}

func getAbout(name string) func(*Telegram, *call) (any, *apiError) {
	return func(t *Telegram, c *call) (any, *apiError) {
		value, ok := t.settings.about[name+" "+c.text("language_code")]
		if !ok {
			value = t.settings.about[name+" "]
		}
		if value == "" && name == "name" {
			value = t.bot.FirstName
		}
		return map[string]string{name: value}, nil
	}
}

// commandScope is a BotCommandScope.
type commandScope struct {
	Type   string      `json:"type"`
	ChatID json.Number `json:"chat_id"`
	UserID json.Number `json:"user_id"`
}

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^([a-z]{2})?$`)
)

// scopeOf reads the scope and language that commands are for.
func (t *Telegram) scopeOf(c *call) (string, *apiError) {
	scope := commandScope{Type: "default"}
	c.into("scope", &scope)
	if !languageCode.MatchString(c.text("language_code")) {
		return "", broken("invalid language code specified")
	}
	if scope.ChatID != "" {
		id, _ := scope.ChatID.Int64()
		if t.chats[id] == nil {
			return "", refuse(400, "chat not found")
		}
	}
	return scope.key(c.text("language_code")), nil
}

func (s commandScope) key(language string) string {
	return s.Type + "/" + s.ChatID.String() + "/" + s.UserID.String() + "/" + language
}

func (t *Telegram) setMyCommands(c *call) (any, *apiError) {
	key, err := t.scopeOf(c)
	if err != nil {
		return nil, err
	}
	var commands []Command
	c.into("commands", &commands)
	for _, command := range commands {
		if !commandName.MatchString(command.Command) {
			return nil, broken("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(command.Description); n < 1 || n > 256 {
			return nil, broken("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	t.settings.commands[key] = commands
	t.touch()
	return true, nil
}

func (t *Telegram) getMyCommands(c *call) (any, *apiError) {
	key, err := t.scopeOf(c)
	if err != nil {
		return nil, err
	}
	if commands := t.settings.commands[key]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

func (t *Telegram) deleteMyCommands(c *call) (any, *apiError) {
	key, err := t.scopeOf(c)
	if err != nil {
		return nil, err
	}
	delete(t.settings.commands, key)
	return true, nil
}

// Commands returns the command menu that the person sees in the private chat: of the narrowest scope that has one, in the person's
// language or in no language.
func (p *Person) Commands() []Command {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	id := json.Number(p.chat.lane())
	language := p.user.LanguageCode[:min(2, len(p.user.LanguageCode))]
	for _, scope := range []commandScope{{Type: "chat", ChatID: id}, {Type: "all_private_chats"}, {Type: "default"}} {
		for _, key := range []string{scope.key(language), scope.key("")} {
			if commands, ok := p.t.settings.commands[key]; ok {
				return commands
			}
		}
	}
	return nil
}

func (t *Telegram) setChatMenuButton(c *call) (any, *apiError) {
	button := c.params["menu_button"]
	if button == nil {
		button = map[string]any{"type": "default"}
	}
	if !c.has("chat_id") {
		t.settings.menu = button
		return true, nil
	}
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	ch.menu = button
	return true, nil
}

func (t *Telegram) getChatMenuButton(c *call) (any, *apiError) {
	if !c.has("chat_id") {
		return t.settings.menu, nil
	}
	ch, err := t.chatFor(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.menu != nil {
		return ch.menu, nil
	}
	return t.settings.menu, nil
}
