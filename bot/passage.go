package bot

import (
	"errors"

	"duban"
	"duban/store"
)

// passage is a letter with what was sent for it and what that has left in the chat.
type passage struct {
	letter  duban.Letter
	out     Outgoing
	arrival Arrival
}

// note keeps what the messages of a letter are about.
func (p passage) note(tx *store.Tx) error {
	person, err := p.person(tx)
	if err != nil {
		return err
	}
	if p.arrival.MessageID != p.out.Edit || len(p.out.About.Items) > 0 {
		if err := p.noteMessages(tx, person); err != nil {
			return err
		}
	}
	if person == 0 {
		return nil
	}
	return errors.Join(p.saveCard(tx, person), p.saveReminder(tx, person))
}

// person returns the reader: the letter's, or for an answer the one bound to the chat.
func (p passage) person(tx *store.Tx) (int64, error) {
	if p.letter.PersonID != 0 {
		return p.letter.PersonID, nil
	}
	account, err := tx.AccountOfTelegram(p.arrival.ChatID)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return 0, err
	}
	return account.PersonID, nil
}

// noteMessages keeps even that a message is about nothing: a number means a line of a list only while no other message of ours came after it.
func (p passage) noteMessages(tx *store.Tx, person int64) error {
	about := p.about()
	if about.Kind == duban.NewsAnswer && person == 0 {
		return nil
	}
	about.ChatID, about.PersonID = p.arrival.ChatID, person
	for _, id := range p.arrival.All {
		about.MessageID = id
		if err := tx.NoteMessage(about); err != nil {
			return err
		}
	}
	return nil
}

// about says what a message is about: what the notice said, or of an answer what the handler said. The data of an answer are its words, which
// nobody needs again.
func (p passage) about() store.Message {
	l, said := p.letter, p.out.About
	if l.Kind == duban.NewsAnswer {
		return store.Message{
			Kind: l.Kind, AssignmentID: said.AssignmentID, AnnouncementID: said.AnnouncementID, SubmissionID: said.SubmissionID,
			Items: said.Items, Data: said.Data,
		}
	}
	return store.Message{
		Kind: l.Kind, AssignmentID: l.AssignmentID, AnnouncementID: l.AnnouncementID, SubmissionID: l.SubmissionID, Items: said.Items, Data: l.Data,
	}
}

func (p passage) saveCard(tx *store.Tx, person int64) error {
	if p.out.Subject == "" {
		return nil
	}
	card, err := cardOrNew(tx, p.out.Subject, person)
	if err != nil {
		return err
	}
	card.ChatID, card.MessageID = p.arrival.ChatID, p.arrival.MessageID
	return tx.SaveCard(card)
}

func (p passage) saveReminder(tx *store.Tx, person int64) error {
	if p.out.Reminds == "" {
		return nil
	}
	card, err := tx.Card(p.out.Reminds, person)
	if duban.CodeOf(err) == duban.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	card.ReminderID, card.ReminderAt = p.arrival.MessageID, tx.Now
	return tx.SaveCard(card)
}

func cardOrNew(tx *store.Tx, subject string, person int64) (store.Card, error) {
	card, err := tx.Card(subject, person)
	if duban.CodeOf(err) == duban.NotFound {
		return store.Card{Subject: subject, PersonID: person}, nil
	}
	return card, err
}
