package store

import (
	"bytes"
	"context"
	"testing"
)

func TestADrawIsTheSameEachTimeAndHangsOnTheKey(t *testing.T) {
	drawn := func(tx *Tx) (all []uint64) {
		for id := range int64(1000) {
			all = append(all, tx.Draw("evidence", id))
		}
		return all
	}
	ours := drawn(&Tx{ctx: context.Background(), store: &Store{key: testKey}})
	again := drawn(&Tx{ctx: context.Background(), store: &Store{key: testKey}})
	others := drawn(&Tx{ctx: context.Background(), store: &Store{key: bytes.Repeat([]byte{9}, 32)}})
	same, tenth := 0, 0
	for i := range ours {
		if ours[i] != again[i] {
			t.Fatalf("number %d is drawn differently", i)
		}
		if ours[i] == others[i] {
			same++
		}
		if ours[i]%10 == 0 {
			tenth++
		}
	}
	if same > 0 {
		t.Errorf("%d of 1000 are the same with another key", same)
	}
	if tenth < 60 || tenth > 140 {
		t.Errorf("%d of 1000 are tenths", tenth)
	}
}
