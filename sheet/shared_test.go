package sheet_test

import (
	"testing"

	"duban/sheet"
)

func TestSupportingUnitsCompletionAndMilestonesAreRead(t *testing.T) {
	rows := mustTasks(t, mustRead(t, "编号,事项,责任要求,牵头单位,配合单位,完成方式,时限,序时进度\n"+
		"T-01,开放日,组织开放日,市五中党委,\"市六中党委；各党支部\",任一单位完成即可,12月31日前,方案制定:11-30:30％；彩排:12-10:60%\n"))
	r := rows[0]
	if r.Units != "市五中党委" || r.Supports != "市六中党委、branch" || r.Completion != "any" || r.Milestones != "方案制定:11-30:30%;彩排:12-10:60%" {
		t.Errorf("it is read as %+v", r)
	}
}

func TestAnUnknownWayOfCompletionIsNamed(t *testing.T) {
	_, problems, err := mustRead(t, "编号,事项,责任要求,责任单位,完成时限,完成方式\nT-01,开放日,组织开放日,市五中党委,12月31日前,看情况\n").Tasks()
	if err != nil || len(problems) != 1 || problems[0].Reason != sheet.UnknownWord || problems[0].Arg != "全部、任一" {
		t.Errorf("the problems are %+v, %v", problems, err)
	}
}

func TestRowsOfOneTaskShareItsSupportingUnits(t *testing.T) {
	const head = "编号,事项,责任要求,责任单位,协办单位,完成时限\n"
	rows := mustTasks(t, mustRead(t, head+"T-01,开放日,组织开放日,市五中党委,市六中党委,12月31日前\nT-01,开放日,组织开放日,市七中党委,市六中党委,12月31日前\n"))
	if len(rows) != 1 || rows[0].Units != "市五中党委、市七中党委" || rows[0].Supports != "市六中党委" {
		t.Errorf("the rows are %+v", rows)
	}
}
