//go:build faults

package blackbox

// long is whether the experiments run with the counts of docs/reliability.md.
const long = true
