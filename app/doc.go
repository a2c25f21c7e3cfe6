// Package app puts the rooms together. What `duban serve` runs is wired in Run, in one straight line, and stops in reverse; the other
// commands open the Office, do their one thing and close it. Nothing here decides anything about tasks or people.
package app
