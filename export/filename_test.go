package export

import (
	"strings"
	"testing"
)

func TestAnyWordsBecomeANameThatEverySystemTakes(t *testing.T) {
	for words, want := range map[string]string{
		"市第五中学党委": "市第五中学党委", "实验/小学:党委": "实验_小学_党委", `a\b?c*d"e<f>g|h`: "a_b_c_d_e_f_g_h", "../../etc/passwd": "_.._etc_passwd", "": "_", ". .": "_",
		"CON": "_CON", "nul.txt": "_nul.txt", "a\u202etxt.exe": "atxt.exe", "a\x00b\n": "ab", "终稿 . ": "终稿",
	} {
		if got := FileName(words); got != want {
			t.Errorf("%q becomes %q, want %q", words, got, want)
		}
	}
	long := FileName(strings.Repeat("校", 300) + ".docx")
	if len(long) > nameBytes || !strings.HasSuffix(long, "校.docx") {
		t.Errorf("a long name becomes %q", long)
	}
}

func TestNoNameIsGivenOutTwice(t *testing.T) {
	names := Names{}
	for _, want := range []string{"A_B", "A_B (2)", "a_b (3)"} {
		words := "A/B"
		if strings.HasPrefix(want, "a") {
			words = "a:b"
		}
		if got := names.Take(words); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
