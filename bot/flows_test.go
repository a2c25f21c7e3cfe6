package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// flows lists the ways through the loop of supervision and the transcript that shows each, so that one that is missing is seen. Each is there in
// Chinese as <file>.txt and in English as <file>_en.txt.
var flows = map[string]string{
	"issue, sign, report, return, report again, accept": "main_loop",
	"finish with one tap and take it back":              "one_tap_and_undo",
	"say everything instead of pressing":                "by_message",
	"confirm by a word":                                 "confirmed_by_word",
	"choose among several open items":                   "several_items",
	"press what has moved on":                           "stale",
	"say which numbers are meant":                       "numbers",
	"say numbers without a list":                        "numbers_no_list",
	"extend by number":                                  "numbers_extension",
	"say that several are done":                         "several_done",
	"promise a day":                                     "promise",
	"be asked on the promised day":                      "promise_asked",
	"report that there is nothing to report":            "zero_report",
	"say that it is not done, with a file":              "not_done_file",
	"hand in an album":                                  "album",
	"hand in two albums":                                "two_albums",
	"collect evidence, add to it, start over":           "evidence",
	"add to what was reported":                          "added",
	"send what is no evidence":                          "not_evidence",
	"use a file twice":                                  "flags",
	"ask for more time":                                 "extension",
	"ask for much more time":                            "extension_long",
	"be refused more time":                              "extension_refused",
	"be refused more time by the secretary":             "extension_not_agreed",
	"ask for more time too late":                        "extension_too_late",
	"decline, and it stands":                            "decline_stands",
	"decline, and another unit gets it":                 "decline_transferred",
	"decline, and somebody named gets it":               "decline_given_on",
	"object to a return":                                "objection",
	"object to a return in vain":                        "objection_refused",
	"go through what waits for a decision":              "requests_review",
	"return with a reason and another deadline":         "return",
	"return with typed words":                           "return_typed",
	"accept several together":                           "review_together",
	"look at what was drawn":                            "review_sample",
	"ask the unit before deciding":                      "review_question",
	"be late as a reviewer":                             "reviewers_clock",
	"be reminded up to the draft of a notice":           "ladder",
	"be asked half-way":                                 "halfway",
	"be left alone at night":                            "night",
	"break quiet time with a reason":                    "loud",
	"come back after an outage":                         "outage",
	"not be reachable":                                  "unreachable_owner",
	"be away, and somebody acts":                        "deputy",
	"issue a notice, and it is answered":                "notice_issued",
	"not answer a notice":                               "notice_up",
	"drop the draft of a notice":                        "notice_dropped",
	"reassign":                                          "steer_reassign",
	"suspend and resume":                                "steer_suspend",
	"cancel":                                            "steer_cancel",
	"reopen":                                            "steer_reopen",
	"remark":                                            "steer_remark",
	"steer what is internal":                            "steer_internal",
	"go through what is overdue":                        "steer_overdue",
	"read the digest of those who steer":                "steer_digest",
	"issue step by step":                                "task_steps",
	"issue what was forwarded":                          "task_forwarded",
	"issue with approval":                               "task_approval",
	"issue as an officer":                               "task_officer",
	"issue to many":                                     "task_second",
	"correct what was issued":                           "task_corrected",
	"let a draft expire and go on":                      "task_expired",
	"plan what recurs":                                  "task_plan",
	"support another unit":                              "units_support",
	"do what any unit may do":                           "units_any",
	"go by milestones":                                  "units_milestones",
	"keep the board of open items":                      "board",
	"hand over a post":                                  "handover",
	"assess a year":                                     "assess_window",
	"decide the assessment of a year":                   "assess_decided",
	"look at an assessment and take its package away":   "assess_package",
	"take a large package away in parts":                "assess_package_large",
	"take the workbook of a package that is too large":  "assess_package_office",
	"go on with an assessment that was cut short":       "assess_cut_short",
	"be reminded of the end of a self-check":            "assess_reminded",
	"enter the points of an assessment by a sheet":      "assess_parts",
	"steer lines of a list by number":                   "steer_numbers",
	"see in the digest what waits for a decision":       "requests_digest",
	"erase personal data":                               "erasure",
	"refuse to erase personal data":                     "erasure_refused",
	"see the school on one screen":                      "home_secretary",
	"see the city on one screen":                        "home_leader",
	"see one's own on one screen":                       "me",
	"read the week and the month of the office":         "reports_office",
	"read the month of one's own unit":                  "reports_unit",
	"read the year of the office":                       "reports_year",
	"read the year of one's own unit":                   "reports_year_unit",
	"read a half-year in which nothing was due":         "reports_half_year",
	"edit and issue the bulletin of a quarter":          "reports_quarter",
	"read the bulletin of a quarter":                    "reports_quarter_unit",
	"press an old button of a bulletin":                 "reports_changed",
	"issue a bulletin that is less true than it was":    "reports_since",
	"come back to the draft of a bulletin":              "reports_digest",
	"decide not to report the end of a task":            "reports_task",
	"issue in one line":                                 "task_one_line",
	"bind a work group":                                 "groups_bind",
	"announce in a work group":                          "groups_announce",
	"count written answers in a work group":             "groups_written",
	"show the state of a unit in its work group":        "groups_daily",
	"put the bot into a group that nobody binds":        "groups_stay",
	"lose a work group and have it back":                "groups_lost",
	"follow a group that has become another chat":       "groups_moved",
	"try a work group again":                            "groups_retry",
	"correct and recall in a work group":                "groups_fixed",
	"announce a poll":                                   "announcement_poll",
	"see a sending pause by itself":                     "announcement_burst",
	"decide on announcements that wait":                 "announcement_review",
	"read in the digest of announcements that wait":     "announcement_digest",
}

func TestEveryFlowHasATranscriptInBothLanguages(t *testing.T) {
	files := map[string]bool{}
	for flow, file := range flows {
		if files[file] {
			t.Errorf("%s shares a transcript with another: %s", flow, file)
		}
		files[file] = true
		for _, name := range []string{file + ".txt", file + "_en.txt"} {
			said, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Errorf("%s: %v", flow, err)
				continue
			}
			if strings.Count(string(said), "→ ") == 0 {
				t.Errorf("%s: nobody is told anything in %s", flow, name)
			}
		}
	}
}
