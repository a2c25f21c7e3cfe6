// Package duban is the vocabulary and the rules of Duban (督办), a bot that sees to it that every assigned task has one owner, one written
// duty and one deadline, reminds until it is done, and keeps the record of it.
//
// The package does no input or output. What may happen is decided here by pure functions that return a named reason; package work makes it
// happen in a transaction, package store keeps it, package bot talks about it in Telegram and package text finds the words.
package duban
