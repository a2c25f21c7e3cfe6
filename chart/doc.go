// Package chart draws the pictures of reports: completion by unit as bars, and two curves over time. They are made for a telephone: 780 pixels wide,
// twice the width of a usual screen, and at most 1,280 high, the size above which Telegram scales pictures down. Axes begin at zero, and every colour
// stands beside its word: parts of a bar have their number in them, and lines are whole or broken. All words come from the caller; the Chinese font is part of the program.
package chart
