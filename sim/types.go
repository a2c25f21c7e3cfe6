package sim

// User is an account as the Bot API shows it.
type User struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// Chat is a chat as the Bot API shows it. Type is "private", "group", "supergroup" or "channel".
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

// Message is a message as it stands in a chat, with the fields of the Bot API that the simulation knows. Its identifier is unique within
// the chat only.
type Message struct {
	ID              int             `json:"message_id"`
	ThreadID        int             `json:"message_thread_id,omitempty"`
	From            *User           `json:"from,omitempty"`
	SenderChat      *Chat           `json:"sender_chat,omitempty"`
	Date            int64           `json:"date"`
	Chat            Chat            `json:"chat"`
	ForwardOrigin   *Origin         `json:"forward_origin,omitempty"`
	IsTopicMessage  bool            `json:"is_topic_message,omitempty"`
	ReplyTo         *Message        `json:"reply_to_message,omitempty"`
	Quote           *Quote          `json:"quote,omitempty"`
	EditDate        int64           `json:"edit_date,omitempty"`
	Protected       bool            `json:"has_protected_content,omitempty"`
	MediaGroupID    string          `json:"media_group_id,omitempty"`
	Text            string          `json:"text,omitempty"`
	Entities        []Entity        `json:"entities,omitempty"`
	Document        *Document       `json:"document,omitempty"`
	Photo           []PhotoSize     `json:"photo,omitempty"`
	Video           *Video          `json:"video,omitempty"`
	Voice           *Voice          `json:"voice,omitempty"`
	Sticker         *Sticker        `json:"sticker,omitempty"`
	Location        *Location       `json:"location,omitempty"`
	Poll            *Poll           `json:"poll,omitempty"`
	Caption         string          `json:"caption,omitempty"`
	CaptionEntities []Entity        `json:"caption_entities,omitempty"`
	Contact         *Contact        `json:"contact,omitempty"`
	NewMembers      []User          `json:"new_chat_members,omitempty"`
	LeftMember      *User           `json:"left_chat_member,omitempty"`
	MigrateTo       int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom     int64           `json:"migrate_from_chat_id,omitempty"`
	Pinned          *Message        `json:"pinned_message,omitempty"`
	TopicCreated    *TopicCreated   `json:"forum_topic_created,omitempty"`
	TopicClosed     *struct{}       `json:"forum_topic_closed,omitempty"`
	TopicReopened   *struct{}       `json:"forum_topic_reopened,omitempty"`
	ReplyMarkup     *InlineKeyboard `json:"reply_markup,omitempty"`

	// Silent is true for a message that was sent without a notification.
	Silent bool `json:"-"`

	// touched is the number of changes when the message came or was last edited.
	touched      int64
	replyTo      int
	withReplyKbd bool
	reaction     string
}

// body is the text of a message: its text or the caption of its file.
func (m *Message) body() (string, []Entity) {
	if m.hasMedia() {
		return m.Caption, m.CaptionEntities
	}
	return m.Text, m.Entities
}

// Body returns the text of the message, or its caption when it carries a file.
func (m *Message) Body() string {
	text, _ := m.body()
	return text
}

func (m *Message) hasMedia() bool {
	return m.Document != nil || len(m.Photo) > 0 || m.Video != nil || m.Voice != nil
}

func (m *Message) isService() bool {
	return m.NewMembers != nil || m.LeftMember != nil || m.MigrateTo != 0 || m.MigrateFrom != 0 || m.Pinned != nil || m.TopicCreated != nil ||
		m.TopicClosed != nil || m.TopicReopened != nil
}

// Buttons returns the labels of the inline keyboard, row by row in one list.
func (m *Message) Buttons() []string {
	var labels []string
	for _, b := range m.ReplyMarkup.all() {
		labels = append(labels, b.Text)
	}
	return labels
}

// Entity is a piece of a text with a meaning or a look. Offset and length count UTF-16 units.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	User          *User  `json:"user,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
}

// Origin tells where a forwarded message came from: Type is "user" or "chat".
type Origin struct {
	Type       string `json:"type"`
	Date       int64  `json:"date"`
	SenderUser *User  `json:"sender_user,omitempty"`
	SenderChat *Chat  `json:"sender_chat,omitempty"`
	SenderName string `json:"sender_user_name,omitempty"`
}

// Quote is the part of a message that a reply quotes.
type Quote struct {
	Text     string   `json:"text"`
	Entities []Entity `json:"entities,omitempty"`
	Position int      `json:"position"`
	IsManual bool     `json:"is_manual,omitempty"`
}

// Document is a file that is no photo. FileID is valid for the bot that saw it, FileUniqueID names the content.
type Document struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

// PhotoSize is one size of a photo; the last of a message is the largest.
type PhotoSize struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	FileSize     int64  `json:"file_size,omitempty"`
}

// Video is a film.
type Video struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Duration     int    `json:"duration"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

// Voice is a spoken message.
type Voice struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Duration     int    `json:"duration"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

// Sticker is a picture in the place of a text.
type Sticker struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Type         string `json:"type"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	IsAnimated   bool   `json:"is_animated"`
	IsVideo      bool   `json:"is_video"`
	Emoji        string `json:"emoji,omitempty"`
}

// Location is a point on the map.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Contact is a shared contact. UserID is filled in by Telegram and not by the sender.
type Contact struct {
	PhoneNumber string `json:"phone_number"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name,omitempty"`
	UserID      int64  `json:"user_id,omitempty"`
}

// TopicCreated stands in the message that opens a forum topic.
type TopicCreated struct {
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"` //nolint:misspell // the Bot API writes it so
}

// InlineKeyboard is the keyboard under a message.
type InlineKeyboard struct {
	Rows [][]InlineButton `json:"inline_keyboard"`
}

func (k *InlineKeyboard) all() []InlineButton {
	if k == nil {
		return nil
	}
	var buttons []InlineButton
	for _, row := range k.Rows {
		buttons = append(buttons, row...)
	}
	return buttons
}

// InlineButton is a button under a message. Exactly one of the fields below Style is set.
type InlineButton struct {
	Text                     string    `json:"text"`
	IconCustomEmojiID        string    `json:"icon_custom_emoji_id,omitempty"`
	Style                    string    `json:"style,omitempty"`
	URL                      string    `json:"url,omitempty"`
	CallbackData             string    `json:"callback_data,omitempty"`
	WebApp                   *WebApp   `json:"web_app,omitempty"`
	LoginURL                 *LoginURL `json:"login_url,omitempty"`
	SwitchInlineQuery        *string   `json:"switch_inline_query,omitempty"`
	SwitchInlineQueryCurrent *string   `json:"switch_inline_query_current_chat,omitempty"`
	CopyText                 *CopyText `json:"copy_text,omitempty"`
	Pay                      bool      `json:"pay,omitempty"`
}

// WebApp is the page that a button opens.
type WebApp struct {
	URL string `json:"url"`
}

// LoginURL is the page that a button opens with an authorisation.
type LoginURL struct {
	URL                string `json:"url"`
	ForwardText        string `json:"forward_text,omitempty"`
	BotUsername        string `json:"bot_username,omitempty"`
	RequestWriteAccess bool   `json:"request_write_access,omitempty"`
}

// CopyText is the text that a button copies to the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

// ReplyKeyboard is the keyboard that stands in the place of the letters.
type ReplyKeyboard struct {
	Rows         [][]ReplyButton `json:"keyboard"`
	IsPersistent bool            `json:"is_persistent,omitempty"`
	Resize       bool            `json:"resize_keyboard,omitempty"`
	OneTime      bool            `json:"one_time_keyboard,omitempty"`
	Placeholder  string          `json:"input_field_placeholder,omitempty"`
	Selective    bool            `json:"selective,omitempty"`
}

// ReplyButton sends its own text when tapped, or the contact of the person with RequestContact.
type ReplyButton struct {
	Text           string  `json:"text"`
	Style          string  `json:"style,omitempty"`
	RequestContact bool    `json:"request_contact,omitempty"`
	WebApp         *WebApp `json:"web_app,omitempty"`
}

// Command is a line of the command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// callbackQuery is a press of an inline button on its way to the bot.
type callbackQuery struct {
	ID           string `json:"id"`
	From         *User  `json:"from"`
	Message      any    `json:"message,omitempty"`
	ChatInstance string `json:"chat_instance"`
	Data         string `json:"data,omitempty"`
}

// inaccessible stands for a message that was deleted or is too old.
type inaccessible struct {
	Chat      Chat  `json:"chat"`
	MessageID int   `json:"message_id"`
	Date      int64 `json:"date"`
}

type memberUpdated struct {
	Chat Chat       `json:"chat"`
	From *User      `json:"from"`
	Date int64      `json:"date"`
	Old  chatMember `json:"old_chat_member"`
	New  chatMember `json:"new_chat_member"`
}

type chatMember struct {
	Status    string `json:"status"`
	User      *User  `json:"user"`
	UntilDate *int64 `json:"until_date,omitempty"`
	*adminRights
	IsAnonymous *bool `json:"is_anonymous,omitempty"`
}

// adminRights are the rights that an administrator of a group always has a value for.
type adminRights struct {
	CanBeEdited         bool `json:"can_be_edited"`
	CanManageChat       bool `json:"can_manage_chat"`
	CanDeleteMessages   bool `json:"can_delete_messages"`
	CanManageVideoChats bool `json:"can_manage_video_chats"`
	CanRestrictMembers  bool `json:"can_restrict_members"`
	CanPromoteMembers   bool `json:"can_promote_members"`
	CanChangeInfo       bool `json:"can_change_info"`
	CanInviteUsers      bool `json:"can_invite_users"`
	CanPostStories      bool `json:"can_post_stories"`
	CanEditStories      bool `json:"can_edit_stories"`
	CanDeleteStories    bool `json:"can_delete_stories"`
	CanPinMessages      bool `json:"can_pin_messages"`
	CanManageTopics     bool `json:"can_manage_topics"`
}
