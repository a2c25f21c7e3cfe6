#!/usr/bin/env bash
# fuzz.sh INPUTS [PACKAGE…] gives every fuzz test of the packages (all by default) so many inputs, one after the other.
# INPUTS is a number followed by x. A time instead of it fails now and then with "context deadline exceeded" and
# nothing found: the engine's workers race with its own clock (https://go.dev/issue/75804).
set -euo pipefail

inputs=$1
shift
if [ $# -eq 0 ]; then set -- ./...; fi

for package in $(go list "$@"); do
	for test in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "$package $test"
		# Minimising an input that is merely interesting can take a minute each and finds nothing.
		go test -run '^$' -fuzz "^$test\$" -fuzztime "$inputs" -fuzzminimizetime 10x "$package"
	done
done
