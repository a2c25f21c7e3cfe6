package sim

import "strconv"

// Poll is a question with answers to choose from. The simulation passes polls on; nobody votes in it.
type Poll struct {
	ID            string       `json:"id"`
	Question      string       `json:"question"`
	Options       []PollOption `json:"options"`
	Voters        int          `json:"total_voter_count"`
	Closed        bool         `json:"is_closed"`
	Anonymous     bool         `json:"is_anonymous"`
	Type          string       `json:"type"`
	Several       bool         `json:"allows_multiple_answers"`
	Revoting      bool         `json:"allows_revoting"`
	OnlyInMembers bool         `json:"members_only"`
}

// PollOption is one answer of a poll.
type PollOption struct {
	ID     string `json:"persistent_id"`
	Text   string `json:"text"`
	Voters int    `json:"voter_count"`
}

// Poll sends a regular poll that shows who has voted.
func (s *Seat) Poll(question string, options ...string) *Message {
	p := &Poll{ID: "5000000000000000001", Question: question, Type: "regular"}
	for i, o := range options {
		p.Options = append(p.Options, PollOption{ID: strconv.Itoa(i), Text: o})
	}
	return s.act(&Message{Poll: p}, nil)
}
