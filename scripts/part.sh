#!/usr/bin/env bash
# part.sh NAME COMMAND… runs the command under a heading and says how long it took, also when it fails.
set -uo pipefail

name=$1
shift
echo "== $name"
start=$SECONDS
"$@"
status=$?
result=ok
if [ $status -ne 0 ]; then result=FAILED; fi
printf '== %s: %s after %d s\n' "$name" "$result" $((SECONDS - start))
exit $status
