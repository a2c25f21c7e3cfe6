package duban

// UnitKind says what a unit of the organisation tree is.
type UnitKind string

// The kinds of unit, from the root of the tree to its leaves.
const (
	IndustryCommittee UnitKind = "industry_committee" // 行业党委
	SchoolCommittee   UnitKind = "school_committee"   // 学校党委
	GeneralBranch     UnitKind = "general_branch"     // 党总支
	Branch            UnitKind = "branch"             // 党支部
)

// UnitKinds lists every kind, root first.
var UnitKinds = []UnitKind{IndustryCommittee, SchoolCommittee, GeneralBranch, Branch}

// Unit (单位) is a node of the organisation tree. Region (片区) is a tag across the tree, not a level of it.
type Unit struct {
	ID       int64
	Name     string
	Kind     UnitKind
	ParentID int64 // 0: a root
	Region   string
	Active   bool
}
