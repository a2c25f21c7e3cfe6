// Package blackbox holds the tests that know nothing of the program but what it is driven by from outside: the built binary, its command line,
// its configuration, and a Telegram over HTTP.
package blackbox
