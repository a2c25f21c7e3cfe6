package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// meanings has every phrase of the vocabulary that staff use in work groups, and what stands close to it and means something else.
var meanings = map[Intent]string{
	Ack: `收到 · 已收到 · 收悉 · 知悉 · 已阅 · 好的 · 好 · 行 · 明白 · 清楚了 · 知道了 · OK · ok · 嗯 · 嗯嗯 · 1 · 👌 · 👍 · [OK] · 马上办 · 立即落实 · 遵照执行 · 照办 ·
		收到！ · 收到。 · 收 到 · ＯＫ · 收到👍🏻 · 👍🏽 · 收到[抱拳] · 收到，谢谢领导 · 收到领导 · 好的，收到 · 好的呢 · 好滴 · 收到收到 · 好好好 · Received · received, thanks · OK. · noted · got it ·
		will do · Understood. · 确认收到 · 没问题 · 好的没问题 · 签收 · 已签收 · 尽快办理 · 收到~ · 嗯嗯嗯 · 🙏🙏 · 收 · 好的，马上落实 · 立即办理 · 看到了 · 已读 · 阅 · 遵照办理 · 好嘞 · 好哒`,
	Done: `已完成 · 完成了 · 完成 · 做完了 · 办完了 · 办结 · 已办结 · 已落实 · 落实到位 · 已上报 · 已报送 · 报了 · 已报 · 已提交 · 交了 · 已交 · 发了 · 已发邮箱 · 已发您 · 已上传 · 传了 · 搞定 · 弄好了 ·
		开完了 · 已召开 · 已学习 · 已整改 · 已销号 ·
		已完成！ · 已 完 成 · 已经完成 · 会议已召开 · 会议召开完毕 · 收到，已完成 · 全部完成 · 都完成了 · 已完成，请审核 · 今天已完成 · 今天完成了 · 已按要求报送 · 已发OA · 照片已发 · 已办妥 · 全部到位 · 活动已开展 · 已组织学习 · 下午已交 · 昨天已报 · 12月3日已召开 · 已按时完成 ·
		别的都完成了 · 不久前已完成 · 不好意思，已完成 · 对不起已完成 · 没问题，已完成 · 分别已完成 · 没多久就完成了 · 完成100% · 上报完成 · 下周计划已上报 · 现在办完了 · 搞完了 · 交齐了 · 全部上报 · 已传达学习 · 通知到位了 · 处理好了 · 整改到位 · 完成啦 · 完成👍 · 好了 ·
		done · Done! · finished · It is finished. · submitted · no problem, done · Sent · already submitted · all done · done today · １００％完成 · 任务完成[OK] · 没有问题已完成`,
	Partial: `基本完成 · 完成了大半 · 差最后一项 · 大部分完成 · 完成了一半 · 完成80% · 快好了 · 差一点 · 还差材料 · 材料在补 ·
		已完成80% · 完成 80 % · 完成８０％ · 80% · 进度80% · 进度60 · 完成八成 · 八成完成 · 已完成百分之八十五 · 快完成了 · 基本做完了 · 部分完成 · 完成了一部分 · 差不多了 · 差不多完成了 · 就差盖章 ·
		almost done · nearly finished · 80% done · half done · partly done · 60 percent complete · 已完成，还差照片`,
	InProgress: `正在办 · 在收尾 · 在办 · 办理中 · 推进中 · 进行中 · 在弄 · 在准备 · 已安排 · 已部署 · 正在上报 · 正在完成 · 收到，正在办理 · 已安排部署 · 报进展 · 在整理材料 · 整改中 · in progress ·
		in progress 60% · 正在办理60% · working on it · Working on it now · ongoing · underway · 正在办结`,
	NotDone: `未完成 · 没完成 · 还没 · 没做完 · 尚未 · 没来得及 · 忘了 · 还没开 · 没报 ·
		真的没有完成 · 完成不了 · 没完成呢 · 尚未完成。 · 还没有完成 · 没有按时完成 · 未能完成 · 没能按时上报 · 还没全部完成 · 未按要求完成 · 无法完成 · 不能按期完成 · 做不完 · 没做完呢 · 未办结 · 还没交 · 没交 ·
		未上报 · 未落实 · 没有落实到位 · 收到，还没完成 · 还没完成，明天交 · 没完成！ · 未 完 成 · 还未召开 · 没开 · 还没有报 · 忘了报 · 没呢 · 没有 · 基本没完成 · 我校没有完成 · 个别没完成 · 完成0% ·
		这两天忙，没做 · 没空 · 不算完成 · 并没有完成 · 别急，还没弄好 · 剩2项未完成 · 可能完成不了 · not done · Not done yet · not yet · not finished · I haven't finished · haven’t submitted · isn't done · not yet done · unfinished · incomplete · no, not done · didn't send it · not completely finished`,
	Promise: `明天交 · 完成后上报 · 会议结束后再报 · 晚点报 · 下午报 · 周五前给 · 今天一定 · 这两天 · 明天完成 · 收到，明天交 · 预计周五完成 · 下周一上报 · 马上完成 · 马上交 · 尽快完成 · 12月5日前完成 · 月底前报送 · 争取今天完成 · 明天 · 周五 · 下周三前 ·
		下班前报 · 12.5前交 · 3点前交 · 15:00交 · 5日前完成 · 3个工作日内完成 · 明天完成了再报 · 马上就完成了 · 今天完成 · 已完成，照片明天补 · 一定按时完成 · tomorrow · will finish tomorrow · done by Friday · I'll send it tonight ·
		will be done soon · by Friday · 明天开 · 明天召开 · 过两天 · 会后报 · 今天能完成 · 应该能完成 · 可以按时完成 · 坚决完成任务 · 好，明天 · 4号前`,
	Extension: `延期 · can I have two more days · I need 3 more days · 申请延期 · 延到周五 · 延期到12月10日 · 宽限 · 缓两天 · 晚几天 · 能不能推迟 · 来不及 · 延长 · 延期到周五可以吗？ · 能不能延期？ · 能否宽限几天 · 晚两天行吗 · 来不及了，申请延期 · 没完成，申请延期到周五 · 不能完成申请延期 ·
		推迟到下周一 · extension · extension until Friday · Please extend to 2026-12-10 · need more time · postpone · 再给三天时间 · 不是没做，是来不及`,
	Decline:    `不是我们单位 · 不归我们 · 不属于我校 · 发错了 · 不涉及 · 我校没有 · 不属我单位 · 不归我们管 · 这项不是我们单位的 · 与我校无关 · 不适用 · 我校没有发展对象 · 不属于本单位 · 非我单位工作 · 和我们没关系 · 我不负责这个 · 不是我们单位完成的 · not ours · not our unit · wrong unit · N/A · not applicable`,
	ZeroReport: `零报告 · 无相关情况 · 无 · 无。 · 我校无此情况 · 无此类情况 · 没有情况 · nothing to report · none · nil`,
	Transfer:   `转给李明 · 已转李明办理 · 我已不在党办 · 请王芳办 · 由张三负责 · 我已调离 · 换人了 · 由王老师来负责 · 请李明同志办理 · 已转给李明 · 转派 · transfer to Li Ming · please hand over to Wang Fang · 我不负责了`,
	Question: `什么时候要 · 要盖章么 · 照片要几张 · 要什么材料 · 有模板吗 · 交到哪 · 格式 · 盖章吗 · 要纸质版吗 · 完成情况怎么样？ · 完成了吗 · 完成了吗？ · 已完成？ · 完成了没 · 怎么填 · 请问交到哪里 · 收到吗？ · 还没完成吗？ · 是否完成 · 要交几份？ ·
		这是不是不归我们管？ · 什么时候完成 · 不明白 · 提问 · 80%？ · question · When is it due? · Done? · what format · how do I submit this · 好？`,
	Complaint: `打不开 · 链接失效 · 收不到 · 太多了 · 重复了 · 报过了 · 没收到 · 没有收到文件 · 链接打不开怎么办？ · 上传不了 · 上传失败 · 已经报过了 · 看不到附件 · 意见建议 · can't open · cannot open the link · does not work · I did not receive it · too many messages`,
	Stop:      `别提醒了 · 不要再发 · 静音 · 不要再提醒我了 · 别再发了 · stop · mute · no more reminders`,
	Query:     `待办 · 我还有几项没交 · 代办 · 我的任务 · 还有什么没交 · 今天要交什么 · 逾期 · 台账 · 进度 · 待办？ · 今天要交什么？ · 还有哪些没报？ · 查任务 · my tasks · tasks · what is due? · show my tasks`,
	Withdraw:  `撤回 · 撤回！ · undo · withdraw`,
	Help:      `帮助 · help · 怎么用？`,
	Confirm:   `确认 · 是 · 是的 · 对 · yes · Yes. · 确认！ · 对的 · 确认完成 · 确认上报 · ｙｅｓ · 好的，确认 · 确认👍`,
	Cancel:    `取消 · 不了 · 不 · no · No. · cancel · 算了 · 不用了，谢谢`,
	Unclear: `不是没完成 · 并非未完成 · 完成情况 · 完成时限 · 未签收 · 王老师您好 · 你好 · 2 · 2 3 · 12 · 。。。 · 🌹 · 请看附件 · 不需要延期 · 取消延期 · 已发展党员3名 · 已发现3个问题 · 请审核 · 请查收 · 请领导审阅 · 别忘了提醒我 · ✅ · 共发放200份 · 出勤率95% · 三年级二班 · hello · abandoned · now ·
		我校发现一个问题`,
}

func TestStaffAreUnderstood(t *testing.T) {
	for intent, phrases := range meanings {
		for phrase := range strings.SplitSeq(phrases, "·") {
			phrase = strings.TrimSpace(phrase)
			if got := Understand(phrase); got.Intent != intent {
				t.Errorf("%q is understood as %q, want %q (rest %q, numbers %v)", phrase, got.Intent, intent, got.Rest, got.Numbers)
			}
		}
	}
}

func TestWhatIsSaidBesides(t *testing.T) {
	for _, want := range []struct {
		said    string
		intent  Intent
		percent int
		rest    string
	}{
		{"申请延期到周五", Extension, 0, "周五"},
		{"延期到12月10日下午3点，因为出差", Extension, 0, "12月10日下午3点，因为出差"},
		{"没完成，申请延期，到周五", Extension, 0, "到周五"},
		{"extension until Friday 17:00", Extension, 0, "Friday 17:00"},
		{"转给李明", Transfer, 0, "李明"},
		{"请王芳来办", Transfer, 0, "王芳"},
		{"由 张三 负责", Transfer, 0, "张三"},
		{"Transfer to Li Ming, please", Transfer, 0, "Li Ming"},
		{"收到，明天下午交", Promise, 0, "明天下午交"},
		{"还没完成，明天交", NotDone, 0, "明天交"},
		{"已完成", Done, 0, ""},
		{"已完成：共发放 200 份。", Done, 0, "共发放 200 份"},
		{"确认完成", Confirm, 0, "完成"},
		{"完成了80%，照片在补", Partial, 80, "照片在补"},
		{"完成８０％", Partial, 80, ""},
		{"进度60", Partial, 60, ""},
		{"八成完成", Partial, 80, ""},
		{"完成百分之八十五", Partial, 85, ""},
		{"完成百分之十五", Partial, 15, ""},
		{"完成了一半", Partial, 50, ""},
		{"in progress 60%", InProgress, 60, ""},
		{"half done", Partial, 50, ""},
		{"100%完成", Done, 100, ""},
		{"出勤率95%，已完成", Done, 0, ""},
		{"完成800%", Done, 0, "800%"},
	} {
		got := Understand(want.said)
		got.Rest = strings.ReplaceAll(got.Rest, ",", "，")
		if got.Intent != want.intent || got.Percent != want.percent || got.Rest != want.rest {
			t.Errorf("%q is understood as %+v, want %+v", want.said, got, want)
		}
	}
}

func TestNumbersNameLinesOfTheList(t *testing.T) {
	for said, want := range map[string]string{
		"2完成 3延期到周五":       "2 done, 3 extension 周五",
		"2完成，3延期到周五":       "2 done, 3 extension 周五",
		"２完成　３没完成":         "2 done, 3 not_done",
		"1、已完成 2、还没 3、明天交": "1 done, 2 not_done, 3 promise 明天交",
		"1.完成\n2.完成80%":    "1 done, 2 partial 80%",
		"第2项已完成":           "2 done",
		"任务2已完成":           "2 done",
		"2、3完成":            "2 done, 3 done",
		"2 3 已完成":          "2 done, 3 done",
		"完成2、3":            "2 done, 3 done",
		"已完成第2项":           "2 done",
		"done 3":           "3 done",
		"3 done":           "3 done",
		"item 2 done":      "2 done",
		"2 not done":       "2 not_done",
		"2请王芳办":            "2 transfer 王芳",
		"1":                "1 ",
		"2 3":              "2 , 3 ",
		"2 已完成？":           "",
		"完成":               "",
		"12月5日完成":          "",
		"12 月 5 日完成":       "",
		"5日前完成":            "",
		"3个工作日内完成":         "",
		"2026年12月完成":       "",
		"2026-12-04完成":     "",
		"12.5前交":           "",
		"15:00交":           "",
		"3所学校已完成":          "",
		"2人未完成":            "",
		"5 张照片已交":          "",
		"80%":              "",
		"延期3":              "",
		"2完成 3、三年级二班":      "",
		"1完成2没完成3延期到5日":    "1 done, 2 not_done, 3 extension 5日",
		"1-3完成":            "1 done, 2 done, 3 done",
		"11-24完成":          "",
		"6-18日完成":          "",
		"2完成 3":            "",
		"10086已完成":         "",
		"完成于2026-12":       "",
		"2周内完成":            "",
	} {
		if got := written(Understand(said).Numbers); got != want {
			t.Errorf("%q has the answers %q, want %q", said, got, want)
		}
	}
}

func written(numbers []NumberedReply) string {
	var all []string
	for _, n := range numbers {
		s := fmt.Sprint(n.Number, " ", n.Reply.Intent)
		if n.Reply.Percent > 0 {
			s += fmt.Sprint(" ", n.Reply.Percent, "%")
		}
		if n.Reply.Rest != "" {
			s += " " + n.Reply.Rest
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

func TestSameAnswersAreTheAnswerOfTheWhole(t *testing.T) {
	for said, want := range map[string]Intent{"2完成 3完成": Done, "2完成 3没完成": Unclear, "1": Ack, "2": Unclear} {
		if got := Understand(said).Intent; got != want {
			t.Errorf("%q is understood as %q, want %q", said, got, want)
		}
	}
}

func TestAReportIsNoAnswerButItsOpeningCounts(t *testing.T) {
	report := "会议于12月3日在学校会议室召开，应到35人，实到34人，会上学习了有关文件，部署了下一阶段的工作，尚未完成的两项材料由办公室继续跟进，相关照片和签到表已经一并上传，会后还收集了党员的意见和建议共计十二条，已逐条登记在册。"
	if got := Understand(report); got.Intent != Unclear {
		t.Errorf("a report is understood as %q", got.Intent)
	}
	if got := Understand("已完成。" + report); got.Intent != Done {
		t.Errorf("a report that opens with 已完成 is understood as %q, want done", got.Intent)
	}
}

// TestDecorationChangesNothing holds for every phrase: courtesy, space and emoji around a phrase leave its meaning alone.
func TestDecorationChangesNothing(t *testing.T) {
	for intent, phrases := range meanings {
		for phrase := range strings.SplitSeq(phrases, "·") {
			phrase = strings.TrimSpace(phrase)
			for _, decorated := range []string{" " + phrase + "\n", phrase + "。", phrase + " 🌹", phrase + "~~", phrase + "！！！"} {
				if got := Understand(decorated); got.Intent != intent {
					t.Errorf("%q is understood as %q, want %q", decorated, got.Intent, intent)
				}
			}
		}
	}
}

func FuzzUnderstandNeverPanics(f *testing.F) {
	for _, phrases := range meanings {
		for phrase := range strings.SplitSeq(phrases, "·") {
			f.Add(strings.TrimSpace(phrase))
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Understand(s)
		if !utf8.ValidString(r.Rest) || r.Percent < 0 || r.Percent > 100 {
			t.Errorf("%q: %+v", s, r)
		}
	})
}

func BenchmarkUnderstand(b *testing.B) {
	for b.Loop() {
		Understand("收到，材料还没完成，预计下周三前上报")
	}
}

func TestAnAnswerToALineKeepsItsWords(t *testing.T) {
	for said, want := range map[string]string{
		"2完成 3延期到周五":         "完成|延期到周五",
		"1、已完成，共发放200份 2、还没": "已完成,共发放200份|还没",
		"完成2、3":   "完成|完成",
		"2 3 已完成": "已完成|已完成",
		"2 3":     "|",
	} {
		var words []string
		for _, n := range Understand(said).Numbers {
			words = append(words, n.Said)
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%q has the words %q, want %q", said, got, want)
		}
	}
}
