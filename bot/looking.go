package bot

import (
	"errors"

	"duban"
	"duban/text"
	"duban/work"
)

// album is the files of a submission as Telegram has them. Of an internal item nothing is sent.
func (p *page) album(it item, files []duban.File) []Media {
	if it.Task.Internal {
		return nil
	}
	var album []Media
	for _, f := range files {
		album = append(album, mediaOf(f))
	}
	return album
}

// toLookAt reports whether the reader has not opened the evidence of a submission that was drawn for a look.
func (p *page) toLookAt(sub duban.Submission, it item) (bool, error) {
	if !sub.Sampled || !toDecide(sub, it) {
		return false, nil
	}
	looked, err := work.HasLooked(p.tx, p.actor(), sub)
	return !looked, err
}

// sampleLine says that a submission was drawn for a look, and what is to be done about it.
func (p *page) sampleLine(sub duban.Submission, it item) (text.HTML, error) {
	if !sub.Sampled {
		return "", nil
	}
	look, err := p.toLookAt(sub, it)
	switch {
	case err != nil:
		return "", err
	case look:
		return p.text("review.sampled"), nil
	case sub.LookedAt.IsZero():
		return "", nil
	}
	return p.text("review.looked", "at", p.moment(sub.LookedAt)), nil
}

// pressFiles sends the evidence of a submission, and notes that a reviewer has opened it. Of what was drawn for a look the buttons to decide come after
// it.
func (v *visit) pressFiles(c call) error {
	if err := v.Desk.OpenEvidence(v.ctx, v.who, c.id); err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	return v.read(func(p *page) error {
		sub, it, files, err := p.submission(c.id)
		if err != nil {
			return err
		}
		if ok, err := p.sees(it); err != nil || !ok {
			return orNotAllowed(err)
		}
		out := Outgoing{
			Album: p.album(it, files), Text: p.text("review.files_of", "title", p.title(it), "unit", it.Unit.Name),
			About: About{AssignmentID: it.ID},
		}
		if len(out.Album) == 0 {
			v.answer("review.nothing")
			return nil
		}
		may, err := work.MayReview(p.tx, v.who, it.Assignment)
		if err != nil {
			return err
		}
		if may && sub.Sampled && toDecide(sub, it) {
			out.Keyboard, out.About.SubmissionID = p.reviewButtons(sub, it, nil, c.arg), sub.ID
		}
		v.send(out)
		return nil
	})
}
