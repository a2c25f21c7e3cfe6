#!/usr/bin/env bash
# faults.sh runs the fault experiments with their full counts (RUN=regexp to choose) and writes what came out into docs/reliability.md.
# faults.sh FILE… writes what stands in saved outputs of `go test -v` instead, AT=commit when that is not the present one. Experiments that did not
# run keep their lines.
set -euo pipefail

doc=docs/reliability.md
out=$(mktemp)
trap 'rm -f "$out" "$out".*' EXIT

status=0
if [ $# -gt 0 ]; then
	cat "$@" >"$out"
else
	go test -tags faults -v -p 1 -count 1 -timeout 3h -run "${RUN:-^Test(F[0-9]|Pace)}" ./internal/faults ./internal/blackbox | tee "$out" || status=$?
fi

# One line for each thing that an experiment tells, with how long the experiment took.
awk -v made="$(date -u +%F), ${AT:-$(git rev-parse --short HEAD)}" '
	match($0, /\| (F[0-9]+|Pace) \|.*/) { line = substr($0, RSTART); split(line, cell, / \| /); n++; text[n] = line; name[n] = substr(cell[1], 3) }
	/^--- (PASS|FAIL|SKIP): Test(F[0-9]+|Pace)/ {
		split($3, part, "_"); number = substr(part[1], 5); took[number] = $4; gsub(/[()s]/, "", took[number]); verdict[number] = $2
	}
	END {
		for (i = 1; i <= n; i++) {
			extra = verdict[name[i]] == "FAIL:" ? " **failed**" : ""
			printf "%s%s %.0f s | %s |\n", text[i], extra, took[name[i]], made
		}
	}' "$out" >"$out.lines"

{
	sed '/<!-- figures -->/q' "$doc"
	echo
	echo '| | what is done | what came out | takes | when, at which commit |'
	echo '|---|---|---|---|---|'
	{
		sed -n '/<!-- figures -->/,/<!-- end of figures -->/p' "$doc" | grep -E '^\| (F[0-9]+|Pace) ' | grep -v -F "$(cut -d'|' -f1-2 "$out.lines" | sort -u | sed 's/$/|/')" || true
		cat "$out.lines"
	} | sort -s -t'|' -k2,2
	echo
	sed -n '/<!-- end of figures -->/,$p' "$doc"
} >"$out.doc"
cp "$out.doc" "$doc"
exit $status
