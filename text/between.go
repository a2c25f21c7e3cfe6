package text

import "strings"

// betweens are the words and signs that stand between the first and the last day of a time.
var betweens = []string{"至", "到", "—", "–", "~", "～", " to ", " until ", " till "}

// Between takes a typed time such as 12月7日至12月11日 apart into its first and its last day. Of one day both are that day.
func Between(typed string) (first, last string) {
	for _, between := range betweens {
		if a, b, found := strings.Cut(typed, between); found {
			return strings.TrimSpace(a), strings.TrimSpace(b)
		}
	}
	return strings.TrimSpace(typed), strings.TrimSpace(typed)
}
