package app

import (
	"context"
	"io"
	"time"

	"duban"
	"duban/bot"
	"duban/config"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// metaUsername is where the bot's name is kept, so that links can be made without asking Telegram.
const metaUsername = "bot_username"

// Link is an invitation as it is handed out. It cannot be had again.
type Link struct {
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	Unit      string    `json:"unit"`
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expires_at"` // on the organisation's clock, in whole seconds
}

// Whom says who is invited. One field is set.
type Whom struct {
	Person string // code of a person
	Unit   string // name of a unit: everyone there and below who has not joined
	All    bool   // everyone who has not joined
}

// Invite makes a personal link for each of those who are invited.
func (o *Office) Invite(ctx context.Context, whom Whom) ([]Link, error) {
	asked := work.InviteWhom{Code: whom.Person, All: whom.All}
	if whom.Unit != "" {
		unit, err := o.Unit(ctx, whom.Unit)
		if err != nil {
			return nil, err
		}
		asked.Unit = unit.ID
	}
	username, err := o.username(ctx)
	if err != nil {
		return nil, err
	}
	made, err := o.Desk.Invite(ctx, duban.Console, asked)
	if duban.CodeOf(err) == duban.NotFound {
		return nil, trouble("cli.person_unknown", "code", whom.Person)
	}
	links := make([]Link, len(made))
	for i, m := range made {
		links[i] = Link{
			Code: m.Person.Code, Name: m.Person.Name, Unit: m.Unit.Name,
			Link:      "https://t.me/" + username + "?start=" + m.Secret,
			ExpiresAt: m.ExpiresAt.In(o.Desk.Calendar.Zone()).Truncate(time.Second),
		}
	}
	return links, err
}

// Revoke ends the binding of a person's account, so that a lost telephone tells nobody anything.
func (o *Office) Revoke(ctx context.Context, code string) error {
	var person duban.Person
	err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
		person, err = tx.PersonByCode(code)
		return err
	})
	if duban.CodeOf(err) == duban.NotFound {
		return trouble("cli.person_unknown", "code", code)
	}
	if err != nil {
		return err
	}
	err = o.Desk.Revoke(ctx, duban.Console, person.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return trouble("cli.not_joined", "code", code)
	}
	return err
}

// LinksCSV writes links as a table for a spreadsheet program.
func (o *Office) LinksCSV(w io.Writer, links []Link) error {
	lang := o.Lang()
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{l.Code, l.Name, l.Unit, l.Link, l.ExpiresAt}
	}
	return sheet.Write(w, sheet.CSV, sheet.Sheet{
		Name: text.Word(lang, "cli.invite.links"),
		Columns: []sheet.Column{
			{Title: text.Word(lang, "export.staff_code")}, {Title: text.Word(lang, "export.name")}, {Title: text.Word(lang, "export.unit")},
			{Title: text.Word(lang, "cli.invite.link")}, {Title: text.Word(lang, "cli.invite.expires"), Kind: sheet.DateTime},
		},
		Rows: sheet.Rows(rows),
	})
}

// username returns the bot's name in Telegram: the one that is kept, else the one that Telegram tells.
func (o *Office) username(ctx context.Context) (string, error) {
	var kept string
	err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.Meta(metaUsername)
		return err
	})
	if err != nil || kept != "" {
		return kept, err
	}
	if o.Config.Telegram.Token == "" {
		return "", trouble("cli.no_token")
	}
	client, err := telegramClient(o.Config)
	if err != nil {
		return "", err
	}
	return introduce(ctx, o.Store, client)
}

func telegramClient(c *config.Config) (*bot.Client, error) {
	return bot.NewClient(bot.ClientOptions{Token: c.Telegram.Token.Reveal(), APIURL: c.Telegram.APIURL, Proxy: c.Telegram.Proxy.Reveal()})
}

// introduceWithin is how long Telegram may take to say who the bot is.
const introduceWithin = 10 * time.Second

// introduce asks Telegram who the bot is and keeps its name.
func introduce(ctx context.Context, s *store.Store, client *bot.Client) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, introduceWithin)
	defer cancel()
	me, err := client.Me(ctx)
	if err != nil {
		return "", err
	}
	return me.Username, s.Write(ctx, func(tx *store.Tx) error { return tx.SetMeta(metaUsername, me.Username) })
}
