#!/usr/bin/env bash
# fuzz.sh TIME [PACKAGE…] gives every fuzz test of the packages (all by default) the time, one after the other.
set -euo pipefail

time=$1
shift
if [ $# -eq 0 ]; then set -- ./...; fi

for package in $(go list "$@"); do
	for test in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "$package $test"
		# Minimising an input that is merely interesting can take a minute each and finds nothing.
		go test -run '^$' -fuzz "^$test\$" -fuzztime "$time" -fuzzminimizetime 10x "$package"
	done
done
