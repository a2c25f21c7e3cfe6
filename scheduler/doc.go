// Package scheduler does what happens because time passes. One loop looks at the durable due index of assignments and carries out what the
// ladder of package duban decides; a table of duties does what comes by the clock: digests, housekeeping, audits.
//
// Nothing is planned ahead in rows that could go stale, and nothing is looked for "in this minute": what is due by now is due, whatever its
// age. What comes late because the program was down is told late, and says so.
package scheduler
