package bot_test

import (
	"testing"

	"duban/sim"
)

// tongue is what somebody presses and says in one of both languages.
type tongue = func(zh, en string) string

func inChinese(zh, _ string) string { return zh }

func inEnglish(_, en string) string { return en }

// inTongues plays a story once in Chinese and once in English. The names of transcripts in English end in _en.
func inTongues(t *testing.T, story func(s *stage, say tongue)) {
	t.Helper()
	for _, c := range []struct {
		name, suffix string
		say          tongue
	}{{"zh", "", inChinese}, {"en", "_en", inEnglish}} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.suffix = c.suffix
				story(s, c.say)
			})
		})
	}
}

// inBoth plays a story in both languages, and compares all chats with a transcript.
func inBoth(t *testing.T, name string, story func(s *stage, say tongue)) {
	t.Helper()
	inTongues(t, func(s *stage, say tongue) {
		story(s, say)
		s.golden(name)
	})
}

// inEither plays a story in both languages with somebody for each code, who has joined before the transcript begins.
func inEither(t *testing.T, name string, codes []string, story func(s *stage, say tongue, people ...*sim.Person)) {
	t.Helper()
	inBoth(t, name, func(s *stage, say tongue) {
		people := s.joined(codes...)
		s.tg.Mark()
		story(s, say, people...)
	})
}

// joined lets several of the cast join, who read the language of the story from then on.
func (s *stage) joined(codes ...string) (people []*sim.Person) {
	s.t.Helper()
	for _, code := range codes {
		p := s.join(code)
		s.speak(p)
		people = append(people, p)
	}
	return people
}

// speak lets people read the language of the story from now on.
func (s *stage) speak(people ...*sim.Person) {
	s.t.Helper()
	if s.suffix != "" {
		s.english(people...)
	}
}

// english lets people read English from now on.
func (s *stage) english(people ...*sim.Person) {
	s.t.Helper()
	for _, p := range people {
		s.say(p, "/settings")
		s.press(p, "English")
	}
}
