// Package faults breaks what is around Duban and looks whether it keeps what it promises: nothing lost, no effect twice, two copies of a message at
// most, nobody held up by the trouble of somebody else. The whole program runs on a simulated Telegram in memory and in fake time, so that hours of
// waiting take seconds; what only a process can suffer, such as being killed, is in internal/blackbox.
//
// Each experiment is a test named by its number. `make test` runs a short form of each; `make faults` runs the counts that stand in
// docs/reliability.md, and writes what came out there.
package faults
