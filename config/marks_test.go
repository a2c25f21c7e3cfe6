package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWhatHasChangedIsNamedAndNoValueIsKept(t *testing.T) {
	key := []byte("key")
	before, after := Default(), Default()
	before.Telegram.Token, after.Telegram.Token = "1:old", "1:new"
	after.Reminders.Unsigned = []string{"2wd"}
	after.Quiet.Off = !before.Quiet.Off
	got := Changed(before.Marks(key), after.Marks(key))
	if want := []string{"quiet", "reminders.unsigned", "telegram.token"}; !slices.Equal(got, want) {
		t.Errorf("changed: %v, want %v", got, want)
	}
	if kept := fmt.Sprint(after.Marks(key)); strings.Contains(kept, "new") || strings.Contains(kept, "2wd") {
		t.Errorf("values are kept: %s", kept)
	}
	if len(Changed(nil, after.Marks(key))) > 0 {
		t.Error("what was not known before has changed")
	}
	if len(Changed(before.Marks(key), before.Marks(key))) > 0 {
		t.Error("something has changed where nothing has")
	}
}
