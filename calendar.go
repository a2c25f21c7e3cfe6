package duban

import (
	"time"

	"duban/calendar"
)

// AddedYear is the arrangement of a year's holidays that an administrator has added to the shipped ones. The newest of a year is in force.
type AddedYear struct {
	calendar.Year
	Source  string // where it comes from: the title of the notice, the name of a file
	AddedBy int64  // person, 0 for the console
	AddedAt time.Time
}

// DayChange is the correction of a single day, which counts whatever the notice says. Its Source is never empty.
type DayChange struct {
	calendar.Day
	ID      int64
	AddedBy int64
	AddedAt time.Time
}

// SchoolVacation is a vacation of a unit and of everything below it.
type SchoolVacation struct {
	calendar.Vacation
	ID      int64
	UnitID  int64
	Source  string
	AddedBy int64
	AddedAt time.Time
}
