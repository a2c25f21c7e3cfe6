// Package calendar knows time as an office does: which days are worked, when the office closes, how many working days
// are left, when people are not to be disturbed, and what a deadline means that somebody typed in Chinese or English. It
// computes and never reads a clock: whatever depends on the present takes now.
//
// A Calendar is made once from the time zone, the closing time of the office and the years that an administrator added
// to the shipped notices (New). It answers for days (IsWorkingDay, AddWorkingDays), for hours (WorkingTime), for deadlines
// (Due: Moment, Overdue, WorkingDaysLeft), for the steps of a ladder (Before, After), for quiet time (NextAllowed) and
// for rules that recur (Next).
//
// ParseDue reads a deadline. What it returns is either settled, with everything that was assumed on the way named, or a
// question, or a refusal, or nothing. The grammar in short:
//
//	days        今天 明天 大后天, 周五 下周三 下下周一 周末, 12月5日 25号 12.5 2026-12-05, 月底 下月初 12月上旬, 季度末 年底, 元旦 春节 正月十五
//	times       17:00 5点半 17时30分 上午 下午5点 今晚8点 凌晨 下班前 9am
//	durations   三天内 两周后 3个工作日内 48小时内 半个月内, from a day: 12月5日起3个工作日内, 元旦前三天
//	ranges      12月1日至5日 9:00-11:00: the end counts
//	rules       每月5日前 每季度末月25日前 每周一、三 双周星期三下午4:30 每月最后一个工作日, 遇节假日顺延
//	questions   会后7日内 放假前 开学后一周 2月30日 12月5日（周五） 5/12/2026
//	refusals    尽快 及时 近期
package calendar
