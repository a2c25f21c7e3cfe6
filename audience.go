package duban

import "reflect"

// Audience says who gets an announcement: those of whom all that is set holds. The zero value is nobody.
type Audience struct {
	All    bool     `json:"all,omitempty"`
	UnitID int64    `json:"unit,omitempty"` // with everything below it
	Kind   UnitKind `json:"kind,omitempty"`
	Role   Role     `json:"role,omitempty"`
	Region string   `json:"region,omitempty"` // 片区
	People []int64  `json:"people,omitempty"` // named one by one
	TaskID int64    `json:"task,omitempty"`
	Part   Part     `json:"part,omitempty"` // of those who have an item of the task
}

// Part is a part of those who have an item of a task.
type Part string

// The parts.
const (
	Unreported Part = "unreported" // 未上报: the unit has still to hand it in, which a supporting unit never has
	Unsigned   Part = "unsigned"   // 未签收
)

// Parts lists every part, as they are offered.
var Parts = []Part{Unreported, Unsigned}

// Holds reports whether an assignment counts into a part of its task.
func (p Part) Holds(a Assignment) bool {
	if p == Unsigned {
		return a.State == Issued
	}
	return a.State.OnUnit() && !a.Support
}

// IsZero reports whether nothing is set, which is nobody.
func (a Audience) IsZero() bool { return reflect.DeepEqual(a, Audience{}) }

// Equal reports whether two audiences are described alike.
func (a Audience) Equal(b Audience) bool { return reflect.DeepEqual(a, b) }

// And returns those of whom what both say holds. Everybody and somebody is somebody. What b says of a kind of which a says something else replaces it,
// since a person who narrows an audience by another region means that one.
func (a Audience) And(b Audience) Audience {
	a.All = a.All && b.All
	if b.UnitID != 0 {
		a.UnitID = b.UnitID
	}
	if b.Kind != "" {
		a.Kind = b.Kind
	}
	if b.Role != "" {
		a.Role = b.Role
	}
	if b.Region != "" {
		a.Region = b.Region
	}
	if len(b.People) > 0 {
		a.People = b.People
	}
	if b.TaskID != 0 {
		a.TaskID, a.Part = b.TaskID, b.Part
	}
	return a
}

// SavedAudience (常用范围) is an audience under a name, for whoever saved it or for all administrators.
type SavedAudience struct {
	ID       int64
	OwnerID  int64
	Name     string
	Shared   bool
	Audience Audience
}
