package duban

// AnnouncementState says how far an announcement has come.
type AnnouncementState string

// The states of an announcement.
const (
	AnnouncementPending  AnnouncementState = "pending" // a second administrator has to agree
	AnnouncementSending  AnnouncementState = "sending" // from its moment on, until the last letter has ended
	AnnouncementPaused   AnnouncementState = "paused"
	AnnouncementSent     AnnouncementState = "sent"
	AnnouncementStopped  AnnouncementState = "stopped" // those who had not got it do not get it
	AnnouncementRecalled AnnouncementState = "recalled"
	AnnouncementRefused  AnnouncementState = "refused" // the second administrator did not agree
)

// AnnouncementStep is what is done to an announcement as a whole.
type AnnouncementStep string

// The steps.
const (
	StepGrant   AnnouncementStep = "grant"
	StepRefuse  AnnouncementStep = "refuse"
	StepPause   AnnouncementStep = "pause"
	StepResume  AnnouncementStep = "resume"
	StepStop    AnnouncementStep = "stop"
	StepFinish  AnnouncementStep = "finish" // the last letter has ended
	StepRetry   AnnouncementStep = "retry"
	StepCorrect AnnouncementStep = "correct"
	StepRecall  AnnouncementStep = "recall"
)

// AnnouncementSteps lists every step.
var AnnouncementSteps = []AnnouncementStep{StepGrant, StepRefuse, StepPause, StepResume, StepStop, StepFinish, StepRetry, StepCorrect, StepRecall}

// announcementSteps is the table of what may be done in which state, and what state follows. What is not in it is refused.
var announcementSteps = map[AnnouncementState]map[AnnouncementStep]AnnouncementState{
	AnnouncementPending: {StepGrant: AnnouncementSending, StepRefuse: AnnouncementRefused, StepStop: AnnouncementStopped},
	AnnouncementSending: {StepPause: AnnouncementPaused, StepStop: AnnouncementStopped, StepFinish: AnnouncementSent,
		StepRetry: AnnouncementSending, StepCorrect: AnnouncementSending, StepRecall: AnnouncementRecalled},
	AnnouncementPaused: {StepResume: AnnouncementSending, StepStop: AnnouncementStopped, StepFinish: AnnouncementSent,
		StepCorrect: AnnouncementPaused, StepRecall: AnnouncementRecalled},
	AnnouncementSent:    {StepRetry: AnnouncementSending, StepCorrect: AnnouncementSent, StepRecall: AnnouncementRecalled},
	AnnouncementStopped: {StepCorrect: AnnouncementStopped, StepRecall: AnnouncementRecalled},
}

// madeBy are the states that a step leads to, to tell one that was done already from one that cannot be done.
var madeBy = map[AnnouncementStep]AnnouncementState{
	StepPause: AnnouncementPaused, StepStop: AnnouncementStopped, StepRecall: AnnouncementRecalled, StepRefuse: AnnouncementRefused,
}

// After returns the state that follows a step. A step that was taken already is refused as AlreadyDone, one that cannot be taken as WrongState.
func (s AnnouncementState) After(step AnnouncementStep) (AnnouncementState, error) {
	if next, ok := announcementSteps[s][step]; ok {
		return next, nil
	}
	if madeBy[step] == s || step == StepResume && s == AnnouncementSending {
		return s, Refuse(AlreadyDone)
	}
	return s, Refuse(WrongState)
}

// Out reports whether copies of an announcement may be with people, and count.
func (s AnnouncementState) Out() bool {
	switch s {
	case AnnouncementSending, AnnouncementPaused, AnnouncementSent, AnnouncementStopped:
		return true
	}
	return false
}
