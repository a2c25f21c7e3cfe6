package store

import (
	"encoding/json"

	"duban"
)

// PublishHead notes the newest entry of the record as told to people, so that Verify sees when it is no longer in the chain. It returns the entry;
// sequence 0 is an empty record, or one whose newest entry was published already.
func (tx *Tx) PublishHead() (duban.Entry, error) {
	head, err := tx.RecordHead()
	if err != nil || head.Seq == 0 {
		return head, err
	}
	n, err := tx.exec(`INSERT INTO record_head (seq, at, hash) VALUES ($1, $2, $3) ON CONFLICT (seq) DO NOTHING`, head.Seq, ms(tx.Now), head.Hash)
	if n == 0 {
		return duban.Entry{}, err
	}
	return head, err
}

// publishedHeads returns the hashes that were published, by sequence number.
func (tx *Tx) publishedHeads() (map[int64][]byte, error) {
	type head struct {
		seq  int64
		hash []byte
	}
	all, err := many(tx, func(s scanner) (h head, err error) {
		err = s.Scan(&h.seq, &h.hash)
		return h, err
	}, `SELECT seq, hash FROM record_head`)
	bySeq := make(map[int64][]byte, len(all))
	for _, h := range all {
		bySeq[h.seq] = h.hash
	}
	return bySeq, err
}

// erasedNotes reads from the facts of an entry about an erasure how many notes it has erased.
func erasedNotes(facts string) int64 {
	var f struct {
		Notes int64 `json:"notes"`
	}
	if json.Unmarshal([]byte(facts), &f) != nil {
		return 0
	}
	return f.Notes
}
