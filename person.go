package duban

import "time"

// Role is what a person does in a unit. Rights follow the role and the subtree of its unit.
type Role string

// The roles of an organisation (职务).
const (
	Admin           Role = "admin"            // 行业党委办公室
	Leader          Role = "leader"           // 行业党委书记
	Secretary       Role = "secretary"        // 党委书记
	Officer         Role = "officer"          // 党建专干
	BranchSecretary Role = "branch_secretary" // 支部书记
)

// Roles lists every role, widest rights first.
var Roles = []Role{Admin, Leader, Secretary, Officer, BranchSecretary}

// Person is an entry of the roster. The telephone number is kept as a keyed hash; its last four digits are kept in the clear.
type Person struct {
	ID        int64
	Code      string // 工号
	Name      string
	PhoneHash []byte
	PhoneTail string
	Active    bool
}

// Post (职务) is a role of a person in a unit. Duties belong to the post, so they move on when it changes hands.
type Post struct {
	ID       int64
	PersonID int64
	UnitID   int64
	Role     Role
	Active   bool
}

// Account (绑定账号) is the Telegram user bound to a person. A person has one active account at most, and so has a Telegram user.
type Account struct {
	ID          int64
	PersonID    int64
	TelegramID  int64
	Lang        string // zh-CN or en
	BoundAt     time.Time
	RevokedAt   time.Time // zero: active
	Unreachable string    // why the last message could not be delivered; empty: reachable
}

// Active reports whether the account still speaks for its person.
func (a Account) Active() bool { return a.RevokedAt.IsZero() }

// Actor is who asks for something: a person through a bound account, the operator at the console, or the program when time has passed.
type Actor struct {
	PersonID  int64
	AccountID int64
	// Cause is the inbox row of the update that asks, 0 when there is none. Whatever was done for a cause is never done for it again.
	Cause int64
	// Part numbers what one update asks for when it asks for several things, from 0; each is done once.
	Part int
	Via  Via
}

// Via says by which way an actor came.
type Via string

// The ways an actor comes.
const (
	ViaChat    Via = "chat"
	ViaConsole Via = "console"
	ViaSystem  Via = "system"
)

// Console is the operator at the command line, who may do what an administrator may.
var Console = Actor{Via: ViaConsole}

// System is the program itself, acting because time has passed.
var System = Actor{Via: ViaSystem}

// Trusted reports whether the actor is the operator or the program, for whom no account is looked up.
func (a Actor) Trusted() bool { return a.Via == ViaConsole || a.Via == ViaSystem }
