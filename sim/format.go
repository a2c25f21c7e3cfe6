package sim

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

// What a text may have after parsing, in characters, and before, in bytes.
const (
	maxText    = 4096
	maxCaption = 1024
	maxRawText = 32768
)

// formatted reads a text with its parse mode or entities from a call.
func formatted(c *call, textName, entitiesName string) (string, []Entity, *apiError) {
	raw := c.text(textName)
	if len(raw) > maxRawText {
		return "", nil, broken("text is too long")
	}
	text, entities, err := parsed(raw, c.text("parse_mode"), c.params[entitiesName])
	if err != nil {
		return "", nil, err
	}
	text, entities = trim(text, entities)
	if err := checkDeepLinks(text, entities); err != nil {
		return "", nil, err
	}
	return text, withFound(text, entities), nil
}

func parsed(raw, mode string, given any) (string, []Entity, *apiError) {
	switch strings.ToLower(mode) {
	case "html":
		text, entities, err := parseHTML(raw)
		if err != nil {
			return "", nil, broken("can't parse entities: %s", err)
		}
		return text, entities, nil
	case "markdown", "markdownv2":
		return "", nil, broken("the simulated Telegram reads parse_mode HTML only")
	case "":
		entities, err := explicit(raw, given)
		return raw, entities, err
	}
	return "", nil, broken("unsupported parse_mode")
}

// explicit reads entities that were given instead of a parse mode.
func explicit(text string, given any) ([]Entity, *apiError) {
	if given == nil {
		return nil, nil
	}
	var entities []Entity
	raw, err := json.Marshal(given)
	if err == nil {
		err = json.Unmarshal(raw, &entities)
	}
	if err != nil {
		return nil, broken("can't parse entities: %s", err)
	}
	end := utf16Len(text)
	for _, e := range entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > end {
			return nil, broken("ENTITY_BOUNDS_INVALID")
		}
	}
	sortEntities(entities)
	return entities, nil
}

// textOf reads the text of a message.
func textOf(c *call) (string, []Entity, *apiError) {
	text, entities, err := formatted(c, "text", "entities")
	switch {
	case err != nil:
		return "", nil, err
	case text == "":
		return "", nil, broken("message text is empty")
	case utf8.RuneCountInString(text) > maxText:
		return "", nil, broken("message is too long")
	}
	return text, entities, nil
}

// captionOf reads the caption of a file.
func captionOf(c *call) (string, []Entity, *apiError) {
	text, entities, err := formatted(c, "caption", "caption_entities")
	if err == nil && utf8.RuneCountInString(text) > maxCaption {
		return "", nil, broken("message caption is too long")
	}
	return text, entities, err
}

// found are the entities that Telegram sees by itself, in every text.
var found = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[\s])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)`)},
	{"url", regexp.MustCompile(`(?:^|[^A-Za-z0-9@./])((?:https?://|t\.me/)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9/=_\-])`)},
	{"email", regexp.MustCompile(`(?:^|[^A-Za-z0-9._])([A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[A-Za-z.]*[A-Za-z])`)},
	{"mention", regexp.MustCompile(`(?:^|[^A-Za-z0-9_@/.])(@[A-Za-z][A-Za-z0-9_]{2,31})(?:$|[^A-Za-z0-9_.@])`)},
	{"hashtag", regexp.MustCompile(`(?:^|[\s])(#[\p{L}\d_]*\p{L}[\p{L}\d_]*)`)},
}

// withFound adds the entities that Telegram sees by itself, where no link or code stands already.
func withFound(text string, entities []Entity) []Entity {
	all := entities
	for _, look := range found {
		for _, at := range look.pattern.FindAllStringSubmatchIndex(text, -1) {
			e := Entity{Type: look.kind, Offset: utf16Len(text[:at[2]]), Length: utf16Len(text[at[2]:at[3]])}
			if !covered(all, e) {
				all = append(all[:len(all):len(all)], e)
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Offset < all[j].Offset })
	return all
}

func covered(entities []Entity, e Entity) bool {
	for _, other := range entities {
		switch other.Type {
		case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote":
			continue
		}
		if e.Offset < other.Offset+other.Length && other.Offset < e.Offset+e.Length {
			return true
		}
	}
	return false
}

// deepLink matches the address that starts a bot, with its payload.
var deepLink = regexp.MustCompile(`(?:https?://)?t\.me/[A-Za-z0-9_]+\?start=([^&#\s]*)`)

var payloadChars = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkDeepLinks finds start links that would not start anything.
func checkDeepLinks(text string, entities []Entity) *apiError {
	for _, m := range deepLink.FindAllStringSubmatch(text, -1) {
		if !payloadChars.MatchString(m[1]) && m[1] != "…" {
			return broken("start payload %q is not 1-64 of A-Z a-z 0-9 _ -", short(m[1]))
		}
	}
	for _, e := range entities {
		if err := checkStartLink(e.URL); err != nil {
			return err
		}
	}
	return nil
}

func checkStartLink(address string) *apiError {
	if m := deepLink.FindStringSubmatch(address); m != nil && !payloadChars.MatchString(m[1]) {
		return broken("start payload %q is not 1-64 of A-Z a-z 0-9 _ -", short(m[1]))
	}
	return nil
}
