# `make test` is what CI runs; `make help` lists the rest.

STATICCHECK   = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK   = golang.org/x/vuln/cmd/govulncheck@v1.9.0

# What the race detector leaves alone: SQLite's own code and its C library, translated to Go. It locks for itself and its memory is not Go's; to watch
# it takes most of the time and finds nothing of ours.
UNWATCHED     = -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc/...=-race=false

FUZZ     ?= 200000x
RUN      ?=
BENCH    ?= .
PART      = @scripts/part.sh

.PHONY: help test long faults build demo bench lint vuln fuzz
.DEFAULT_GOAL := help

help:
	@echo 'make test    gofmt, vet, staticcheck, import arrows, all tests, the race detector over most of them, the browser test,'
	@echo '             half a minute of fuzzing the calendar and the importers; about 12 to 15 minutes on two cores'
	@echo 'make long    the tests that take longer, and fuzzing (FUZZ=200000x inputs for each)'
	@echo 'make faults  kills, stops, power cuts, storms of refusals with full counts; an hour; writes docs/reliability.md (RUN=F04 for one)'
	@echo 'make build   the static binary ./duban'
	@echo 'make demo    a simulated Telegram with a sample city in the browser'
	@echo 'make bench   benchmarks (BENCH=regexp to choose)'
	@echo 'make lint    golangci-lint; builds it the first time, which takes minutes'
	@echo 'make vuln    known vulnerabilities of the dependencies; needs the network'
	@echo 'make fuzz    every fuzz test with FUZZ inputs'

# The arrows come first among the tests: they take a second and say what is wrong with everything that follows.
test:
	$(PART) prepare scripts/prepare.sh
	$(PART) format sh -c 'test -z "$$(gofmt -l . | tee /dev/stderr)"'
	$(PART) vet go vet -tags long,faults,failpoints ./...
	$(PART) staticcheck go run $(STATICCHECK) -tags long,faults,failpoints ./...
	$(PART) arrows go test -run 'Arrows' ./internal/checks
	$(PART) tests go test -timeout 20m ./...
	$(PART) races go test -race $(UNWATCHED) -short -timeout 20m ./...
	$(PART) 'fuzz the calendar' scripts/fuzz.sh 40000x ./calendar
	$(PART) 'fuzz the importers' scripts/fuzz.sh 5000x ./sheet ./imports

long:
	$(PART) prepare scripts/prepare.sh long
	$(PART) 'long tests' go test -tags long -timeout 3h ./...
	$(PART) fuzz scripts/fuzz.sh $(FUZZ)

faults:
	$(PART) faults env RUN='$(RUN)' scripts/faults.sh

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o duban ./cmd/duban

demo:
	go run ./cmd/duban demo

bench:
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 1h ./...

lint:
	go run $(GOLANGCI_LINT) run

vuln:
	go run $(GOVULNCHECK) ./...

fuzz:
	scripts/fuzz.sh $(FUZZ)
