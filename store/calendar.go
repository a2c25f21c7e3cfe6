package store

import (
	"database/sql"
	"encoding/json"
	"strconv"

	"duban"
	"duban/calendar"
)

// editionKey is where it is kept how often the days were changed.
const editionKey = "calendar_edition"

// CalendarEdition returns another word whenever years or single days were changed since, by this process or by another one.
func (tx *Tx) CalendarEdition() (string, error) { return tx.Meta(editionKey) }

func (tx *Tx) countEdition() error {
	had, err := tx.Meta(editionKey)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt("0"+had, 10, 64)
	if err != nil {
		return err
	}
	return tx.SetMeta(editionKey, strconv.FormatInt(n+1, 10))
}

const calendarYearColumns = `y.year, y.notice, y.days, y.source, y.added_by, y.added_at`

func scanCalendarYear(s scanner) (duban.AddedYear, error) {
	var y duban.AddedYear
	var days string
	var by sql.NullInt64
	var at int64
	if err := s.Scan(&y.Year.Year, &y.Notice, &days, &y.Source, &by, &at); err != nil {
		return y, err
	}
	y.AddedBy, y.AddedAt = by.Int64, fromMS(at)
	return y, json.Unmarshal([]byte(days), &y.Days)
}

// AddedYears returns the arrangements in force that were added, by year.
func (tx *Tx) AddedYears() ([]duban.AddedYear, error) {
	return many(tx, scanCalendarYear, `SELECT `+calendarYearColumns+` FROM calendar_year y WHERE y.ended_at IS NULL ORDER BY y.year`)
}

// AddYear adds the arrangement of a year, in the place of one that was added before.
func (tx *Tx) AddYear(y duban.AddedYear) error {
	days, err := json.Marshal(y.Days)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE calendar_year SET ended_at = $1 WHERE year = $2 AND ended_at IS NULL`, ms(tx.Now), y.Year.Year); err != nil {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO calendar_year (year, notice, days, source, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		y.Year.Year, y.Notice, string(days), y.Source, ref(y.AddedBy), ms(tx.Now))
	if err != nil {
		return err
	}
	return tx.countEdition()
}

const dayChangeColumns = `d.id, d.day, d.off, d.name, d.source, d.added_by, d.added_at`

func scanDayChange(s scanner) (duban.DayChange, error) {
	var d duban.DayChange
	var day string
	var by sql.NullInt64
	var at int64
	if err := s.Scan(&d.ID, &day, &d.Off, &d.Name, &d.Source, &by, &at); err != nil {
		return d, err
	}
	d.AddedBy, d.AddedAt = by.Int64, fromMS(at)
	var err error
	d.From, err = calendar.ParseDate(day)
	return d, err
}

// DayChanges returns the corrections of single days in force, by day.
func (tx *Tx) DayChanges() ([]duban.DayChange, error) {
	return many(tx, scanDayChange, `SELECT `+dayChangeColumns+` FROM calendar_day d WHERE d.ended_at IS NULL ORDER BY d.day`)
}

// DayChange returns a correction in force by id.
func (tx *Tx) DayChange(id int64) (duban.DayChange, error) {
	return one(tx, scanDayChange, `SELECT `+dayChangeColumns+` FROM calendar_day d WHERE d.id = $1 AND d.ended_at IS NULL`, id)
}

// AddDayChange adds the correction of a day, in the place of one that was there before.
func (tx *Tx) AddDayChange(d duban.DayChange) error {
	if _, err := tx.exec(`UPDATE calendar_day SET ended_at = $1 WHERE day = $2 AND ended_at IS NULL`, ms(tx.Now), d.From.String()); err != nil {
		return err
	}
	_, err := tx.exec(`
		INSERT INTO calendar_day (day, off, name, source, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		d.From.String(), d.Off, d.Name, d.Source, ref(d.AddedBy), ms(tx.Now))
	if err != nil {
		return err
	}
	return tx.countEdition()
}

// EndDayChange takes a correction back.
func (tx *Tx) EndDayChange(id int64) error {
	if _, err := tx.exec(`UPDATE calendar_day SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL`, ms(tx.Now), id); err != nil {
		return err
	}
	return tx.countEdition()
}

const vacationColumns = `v.id, v.unit_id, v.name, v.from_date, v.to_date, v.source, v.added_by, v.added_at`

func scanVacation(s scanner) (duban.SchoolVacation, error) {
	var v duban.SchoolVacation
	var from, to string
	var by sql.NullInt64
	var at int64
	err := s.Scan(&v.ID, &v.UnitID, &v.Name, &from, &to, &v.Source, &by, &at)
	if err != nil {
		return v, err
	}
	v.AddedBy, v.AddedAt = by.Int64, fromMS(at)
	if v.From, err = calendar.ParseDate(from); err != nil {
		return v, err
	}
	v.To, err = calendar.ParseDate(to)
	return v, err
}

// Vacation returns a vacation in force by id.
func (tx *Tx) Vacation(id int64) (duban.SchoolVacation, error) {
	return one(tx, scanVacation, `SELECT `+vacationColumns+` FROM vacation v WHERE v.id = $1 AND v.ended_at IS NULL`, id)
}

// VacationsOf returns the vacations in force of a unit, its own and those of the units above it, by their first day.
func (tx *Tx) VacationsOf(unit int64) (calendar.Vacations, error) {
	all, err := many(tx, scanVacation, `
		SELECT `+vacationColumns+`
		FROM unit_closure c
		JOIN vacation v ON v.unit_id = c.ancestor_id
		WHERE c.descendant_id = $1 AND v.ended_at IS NULL
		ORDER BY v.from_date, v.id`, unit)
	return vacationsIn(all), err
}

func vacationsIn(all []duban.SchoolVacation) calendar.Vacations {
	var found calendar.Vacations
	for _, v := range all {
		found = append(found, v.Vacation)
	}
	return found
}

// VacationsBelow returns the vacations in force of a unit and of everything below it that have not ended before a day, by unit and first day.
func (tx *Tx) VacationsBelow(unit int64, from calendar.Date) ([]duban.SchoolVacation, error) {
	return many(tx, scanVacation, `
		SELECT `+vacationColumns+`
		FROM unit_closure c
		JOIN vacation v ON v.unit_id = c.descendant_id
		WHERE c.ancestor_id = $1 AND v.ended_at IS NULL AND v.to_date >= $2
		ORDER BY v.unit_id, v.from_date, v.id`, unit, from.String())
}

// AddVacation adds a vacation and returns its id.
func (tx *Tx) AddVacation(v duban.SchoolVacation) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO vacation (unit_id, name, from_date, to_date, source, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`,
		v.UnitID, v.Name, v.From.String(), v.To.String(), v.Source, ref(v.AddedBy), ms(tx.Now))
}

// EndVacation takes a vacation back.
func (tx *Tx) EndVacation(id int64) error {
	_, err := tx.exec(`UPDATE vacation SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL`, ms(tx.Now), id)
	return err
}
