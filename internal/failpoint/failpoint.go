// Package failpoint names the places at which the end of the program would hurt most: between a thing and the note of it. A program built with the
// tag failpoints ends itself at one of them, as kill -9 would, when FAIL_AT says so; in every other build a place costs nothing.
package failpoint

// Point is the name of a place.
type Point string

// The places, in the order in which an update and a letter pass them.
const (
	PollReceived   Point = "poll.received"   // updates are here, not in the inbox
	PollStored     Point = "poll.stored"     // they are in the inbox, Telegram does not know yet
	IntakeCounted  Point = "intake.counted"  // an attempt is counted, its handler has not run
	IntakeHandled  Point = "intake.handled"  // the verb is committed, the answers are not
	IntakeFinished Point = "intake.finished" // the answers and the end of the update are
	PressAnswering Point = "press.answering" // the phone waits for the answer to its press
	PressAnswered  Point = "press.answered"  // it has it
	WriteBegun     Point = "write.begun"     // a transaction has begun
	WriteRan       Point = "write.ran"       // all of it has run, nothing is committed
	WriteCommitted Point = "write.committed" // it is on disk, nobody has been told
	SendMarked     Point = "send.marked"     // letters are marked as going out, nothing is rendered
	SendRendered   Point = "send.rendered"   // one is in words
	SendLeaving    Point = "send.leaving"    // its request is about to go out
	SendArrived    Point = "send.arrived"    // Telegram has answered, nothing is written down
	SendWritten    Point = "send.written"    // what became of it is
	SendRecovering Point = "send.recovering" // after a start, before what was going out is looked after
	SendRecovered  Point = "send.recovered"  // after it
)

// Points are all places.
var Points = []Point{
	PollReceived, PollStored, IntakeCounted, IntakeHandled, IntakeFinished, PressAnswering, PressAnswered, WriteBegun, WriteRan, WriteCommitted,
	SendMarked, SendRendered, SendLeaving, SendArrived, SendWritten, SendRecovering, SendRecovered,
}
