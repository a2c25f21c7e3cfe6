package text

import (
	"regexp"
	"strings"
)

var followUpWord = regexp.MustCompile(`(?i)^(?:追问|请问|ask)[，,。.：:\s]+`)

// FollowUp takes what a reviewer types about something that was handed in as a question to its unit (追问), where it is one, and returns the question.
func FollowUp(typed string) (question string, ok bool) {
	if followUpWord.MatchString(typed) {
		return strings.TrimSpace(followUpWord.ReplaceAllString(typed, "")), true
	}
	return typed, Understand(typed).Intent == Question
}
