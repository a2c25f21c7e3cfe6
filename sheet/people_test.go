package sheet

import (
	"slices"
	"testing"
)

func TestAListOfPeopleIsReadByCodeElseByName(t *testing.T) {
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"code and name", "姓名,工号\n王芳,WF\n赵刚,\n", []string{"WF", "赵刚"}},
		{"a title above", "会议名单\n序号,姓名\n1,王芳\n2,赵刚\n", []string{"王芳", "赵刚"}},
		{"no heading", "王芳\n赵刚\n", []string{"王芳", "赵刚"}},
		{"English", "Name,Unit\n王芳,市五中\n", []string{"王芳"}},
	} {
		book, err := Open("people.csv", []byte(c.content))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := book.People(); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q %v, want %q", c.name, got, err, c.want)
		}
	}
}
