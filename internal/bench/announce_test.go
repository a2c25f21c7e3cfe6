package bench

import (
	"runtime"
	"testing"

	"duban"
	"duban/sim"
	"duban/store"
)

// BenchmarkAnnouncing sends one announcement to 5,000 people through the whole program without pace: one operation is one announcement, from the
// verb until the last arrival is written down. It tells the copies a second and the most heap that was in use, with the simulated Telegram in it.
func BenchmarkAnnouncing(b *testing.B) {
	const readers = 5000
	c := mustCrew(b, readers)
	p := mustRunProgram(b, c).(*program)
	sender := c.tg.NewPerson("李敏", "", sim.Started())
	var who duban.Actor
	err := p.desk.Store.Write(b.Context(), func(tx *store.Tx) error {
		admin, err := tx.PersonByCode("LM")
		if err != nil {
			return err
		}
		account, err := tx.Bind(admin.ID, sender.ID(), "zh-CN")
		who.PersonID, who.AccountID = admin.ID, account.ID
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	message := sender.Send("请各单位于12月4日前报送年度总结。")
	p.settle(b)
	var most uint64
	for b.Loop() {
		sent, _ := c.count("copyMessage")
		_, people, err := p.desk.Announce(b.Context(), who, duban.Announcement{
			FromChat: sender.ID(), MessageIDs: []int64{int64(message.ID)}, Content: duban.ContentText, Summary: "年度总结",
			Receipt: duban.ReadReceipt, Audience: duban.Audience{Role: duban.Officer},
		}, true)
		if err != nil || people != readers {
			b.Fatal(people, err)
		}
		looks := 0
		waitUntil(b, "every copy arrives", func() bool {
			if looks++; looks%64 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
			arrived, _ := c.count("copyMessage")
			return arrived >= sent+readers
		})
		p.settle(b)
	}
	b.ReportMetric(float64(readers)*float64(b.N)/b.Elapsed().Seconds(), "copies/s")
	b.ReportMetric(float64(most)/(1<<20), "heap-MiB")
}
