package bot

// buttons has one line for each verb that a button can carry.
var buttons = map[string]func(*visit, call) error{
	"accept":   (*visit).pressAccept,
	"submit":   (*visit).pressSubmit,
	"confirm":  (*visit).pressConfirm,
	"withdraw": (*visit).pressWithdraw,
	"more":     (*visit).pressMore,
	"over":     (*visit).pressOver,
	"progress": (*visit).pressProgress,
	"percent":  (*visit).pressPercent,
	"ask":      (*visit).pressAsk,
	"details":  (*visit).pressDetails,
	"card":     (*visit).pressCard,
	"attach":   (*visit).pressAttach,
	"note":     (*visit).pressNote,
	"tasks":    (*visit).pressTasks,
	"digest":   (*visit).pressTasks,

	"steer":    (*visit).pressSteer,
	"to":       (*visit).pressTo,
	"giveto":   (*visit).pressGiveTo,
	"newdue":   (*visit).pressNewDue,
	"why":      (*visit).pressWhy,
	"sure":     (*visit).pressSure,
	"overdue":  (*visit).pressOverdue,
	"overby":   (*visit).pressOverdueBy,
	"urgepage": (*visit).pressUrgePage,
	"oftask":   (*visit).pressOfTask,

	"me": (*visit).pressMe,

	"pass":   (*visit).pressPass,
	"return": (*visit).pressReturn,
	"back":   (*visit).pressReason,
	"files":  (*visit).pressFiles,
	"skip":   (*visit).pressSkip,

	"unit": (*visit).pressUnit,
	"lang": (*visit).pressLang,

	"audience": (*visit).pressAudience,
	"receipt":  (*visit).pressReceiptRule,
	"when":     (*visit).pressWhen,
	"send":     (*visit).pressSend,
	"read":     (*visit).pressRead,
	"urge":     (*visit).pressUrge,
	"retry":    (*visit).pressRetry,
	"missing":  (*visit).pressMissing,

	"people": (*visit).pressPeople,
	"invite": (*visit).pressInvite,
	"person": (*visit).pressPerson,
	"revoke": (*visit).pressRevoke,

	"import":   (*visit).pressImport,
	"export":   (*visit).pressExport,
	"calendar": (*visit).pressCalendar,
	"drop":     (*visit).pressDrop,

	"notice": (*visit).pressNotice,
	"away":   (*visit).pressAway,
	"deputy": (*visit).pressDeputy,
}
