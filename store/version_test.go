package store

import (
	"context"
	"testing"
	"time"
)

func TestTheVersionChangesWithEachCommitOfAnybody(t *testing.T) {
	ctx := context.Background()
	o := mustInit(t)
	mine, other := mustOpenAt(t, o), mustOpenAt(t, o)
	version := func() int64 {
		v, err := mine.Version(ctx)
		must(t, err)
		return v
	}
	first := version()
	if version() != first {
		t.Fatal("it changes by itself")
	}
	for _, s := range []*Store{mine, other} {
		must(t, s.Write(ctx, func(tx *Tx) error { return tx.SetMeta("a", s.path+time.Now().String()) }))
		if again := version(); again == first {
			t.Fatal("a commit is not told")
		} else {
			first = again
		}
	}
}
