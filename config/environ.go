package config

import (
	"regexp"
	"strings"
)

const variablePrefix = "DUBAN_"

// servicePorts are the variables that Kubernetes sets in every container for a service called duban; they are not ours.
var servicePorts = regexp.MustCompile(`^DUBAN_(SERVICE_|PORT$|PORT_\d)`)

// variableOf names the environment variable of an option.
func variableOf(path string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// readEnvironment lets variables override the file. An empty variable counts as not set, because compose files pass them on that way.
func (l *loader) readEnvironment(environ []string) {
	given := variables(environ)
	for _, s := range secrets {
		if given[variableOf(s.path)] != "" || given[variableOf(s.filePath())] != "" {
			l.forget(s)
		}
	}
	for _, o := range options {
		name := variableOf(o.path)
		text := given[name]
		delete(given, name)
		if text != "" {
			l.set(o, text, Place{Variable: name})
		}
	}
	for name := range given {
		l.problems = append(l.problems, Problem{Place: Place{Variable: name}, Advice: unknownVariableAdvice(name)})
	}
}

// variables picks ours from the environment, trimmed.
func variables(environ []string) map[string]string {
	ours := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, variablePrefix) && !servicePorts.MatchString(name) {
			ours[name] = strings.TrimSpace(value)
		}
	}
	return ours
}

func unknownVariableAdvice(name string) string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = strings.ToLower(variableOf(o.path))
	}
	if near := nearest(name, all); near != "" {
		return "there is no such option, did you mean " + strings.ToUpper(near) + "?"
	}
	return "there is no such option: remove the variable"
}
