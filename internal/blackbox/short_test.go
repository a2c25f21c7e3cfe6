//go:build !faults

package blackbox

// long is whether the experiments run with the counts of docs/reliability.md, or in a form of a few seconds.
const long = false
