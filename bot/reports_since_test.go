package bot_test

import (
	"testing"
)

func TestABulletinSaysWhoHasReportedSinceItWasDraftedBeforeItIsIssued(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin, secretary, officer, late := s.join("LM"), s.join("SL"), s.join("WF"), s.join("ZM")
		s.organisedIn(say, admin, secretary)
		s.quarter(officer)
		s.press(late, "上报完成")
		s.press(admin, say("签发", "Issue"))
		if m := secretary.Find(say("季度通报", "Quarterly bulletin")); m != nil {
			s.t.Errorf("it was issued as if nothing had changed: %s", m.Text)
		}
		s.find(admin, say("逾期未报已减少的单位：实验小学党委", "than when it was drafted: 实验小学党委"))
		s.press(admin, say("签发", "Issue"))
		s.find(secretary, say("季度通报", "Quarterly bulletin"))
		s.sees("reports_since", admin)
	})
}
