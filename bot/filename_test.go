package bot

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestANameOfAFileIsMadeSafe(t *testing.T) {
	for given, want := range map[string]string{
		"总结（盖章）.docx":            "总结（盖章）.docx",
		"../../etc/passwd":       "passwd",
		`C:\Users\王芳\总结.docx`:    "总结.docx",
		"/tmp/x":                 "x",
		"..":                     "",
		"...":                    "",
		"":                       "",
		" . ":                    "",
		".htaccess":              "htaccess",
		"a/":                     "",
		"报告.":                    "报告",
		"名单 \x00\x1b[31m\n.xlsx": "名单 [31m.xlsx",
		"照片\u202egpj.exe":        "照片gpj.exe",
		"a<b>:\"|?*c.txt":        "a_b______c.txt",
		"CON":                    "_CON",
		"con.txt":                "_con.txt",
		"Lpt1.docx":              "_Lpt1.docx",
		"console.txt":            "console.txt",
		"坏\xff字节.txt":            "坏字节.txt",
	} {
		if got := safeName(given); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestALongNameKeepsItsExtension(t *testing.T) {
	for given, end := range map[string]string{
		strings.Repeat("总结", 200) + ".docx":                    ".docx",
		strings.Repeat("a", 500):                               "a",
		"x." + strings.Repeat("很长", 200):                       "",
		strings.Repeat("b", nameBytes-3) + ".very_long_ending": ".very_long_ending",
	} {
		got := safeName(given)
		if len(got) > nameBytes || !utf8.ValidString(got) || !strings.HasSuffix(got, end) {
			t.Errorf("%.20q… became %q (%d bytes)", given, got, len(got))
		}
	}
}

func FuzzASafeNameStaysInItsFolder(f *testing.F) {
	for _, name := range []string{"a/b", `..\x`, "con", "\u202e", "."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := safeName(name)
		if strings.ContainsAny(got, "/\\\x00\n:") || got == "." || got == ".." || len(got) > nameBytes+1 || !utf8.ValidString(got) {
			t.Errorf("%q became %q", name, got)
		}
		if again := safeName(got); again != got {
			t.Errorf("%q became %q, then %q", name, got, again)
		}
	})
}
