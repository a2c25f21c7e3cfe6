package duban

// Fault says what was wrong with a submission that was given back. Assessment tells by it what was left out from what had the wrong form.
type Fault string

// The faults. Package text has a word for each under "reason.<name>", which is also the reason that a reviewer gives with one tap.
const (
	OtherFault      Fault = ""           // it stands only in the words
	FaultIncomplete Fault = "incomplete" // 材料不全
	FaultContent    Fault = "content"    // 内容不符要求
	FaultFormat     Fault = "format"     // 格式不规范
	FaultUnclear    Fault = "unclear"    // 图片或文字不清
	FaultVague      Fault = "vague"      // 说明不具体
	FaultEvidence   Fault = "evidence"   // 佐证不清
	FaultOtherItem  Fault = "other_item" // 佐证与事项不符
	FaultSeal       Fault = "seal"       // 缺签字或盖章
)

// Faults lists every fault that has a name.
var Faults = []Fault{FaultIncomplete, FaultContent, FaultFormat, FaultUnclear, FaultVague, FaultEvidence, FaultOtherItem, FaultSeal}
