// Package calendar knows time as an office does: which days are worked, when the office closes, how many working days
// are left, when people are not to be disturbed, and what a deadline means that somebody typed in Chinese or English. It
// computes and never reads a clock: whatever depends on the present takes now.
package calendar
