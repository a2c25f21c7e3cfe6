//go:build ignore

// Trim writes api.json from a full copy of the machine-readable Bot API: it keeps the names, the types and those sentences that state
// a limit or a fixed value.
//
//	go run trim.go full-api.json api.json
package main

import (
	"encoding/json"
	"log"
	"os"
	"regexp"
)

var tells = regexp.MustCompile(`\d|[Mm]ust be|always|Required if|required (if|unless)|[Oo]ne of`)

// entryStart finds where a method or type begins, to put each on a line of its own.
var entryStart = regexp.MustCompile(`\},"([A-Za-z0-9]+)":\{`)

type field struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required,omitempty"`
	Description string   `json:"description,omitempty"`
}

type entry struct {
	Returns  []string `json:"returns,omitempty"`
	Fields   []field  `json:"fields,omitempty"`
	Subtypes []string `json:"subtypes,omitempty"`
}

type document struct {
	Version     string           `json:"version"`
	ReleaseDate string           `json:"release_date"`
	Methods     map[string]entry `json:"methods"`
	Types       map[string]entry `json:"types"`
}

func main() {
	raw, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		log.Fatal(err)
	}
	for _, group := range []map[string]entry{d.Methods, d.Types} {
		for _, e := range group {
			for i, f := range e.Fields {
				if !tells.MatchString(f.Description) {
					e.Fields[i].Description = ""
				}
			}
		}
	}
	out, err := json.Marshal(d)
	if err != nil {
		log.Fatal(err)
	}
	out = entryStart.ReplaceAll(out, []byte("},\n\"$1\":{"))
	if err := os.WriteFile(os.Args[2], append(out, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}
