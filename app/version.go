package app

import (
	"runtime/debug"
	"strings"
)

// Version tells which program this is, from what the compiler noted: the version of the module, or the commit when it was built in a
// checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	version := strings.TrimPrefix(info.Main.Version, "v")
	if version == "" || version == "(devel)" {
		version = "devel"
	}
	parts := []string{version}
	if commit := noted["vcs.revision"]; commit != "" {
		parts = append(parts, "commit "+commit[:min(12, len(commit))])
	}
	if noted["vcs.modified"] == "true" && !strings.Contains(version, "dirty") {
		parts = append(parts, "changed")
	}
	if at := noted["vcs.time"]; at != "" {
		parts = append(parts, at)
	}
	return strings.Join(append(parts, info.GoVersion), ", ")
}
