package bot

// BeginsAnew are the verbs of buttons that nothing can overtake, with what they do: they show something as it is now, or begin something of their own.
var BeginsAnew = map[string]string{
	"ask": "asks for a question", "details": "shows an item", "card": "shows an item", "attach": "asks to which item a file belongs", "note": "asks to which item words belong",
	"tasks": "shows items", "digest": "shows items", "overdue": "shows items", "overby": "shows items", "oftask": "shows items", "files": "shows evidence",
	"skip": "shows the next submission", "nextrequest": "shows the next request", "issued": "shows what was issued",
	"record": "shows the record", "recfile": "asks for a file", "recunit": "shows units", "recwho": "shows people", "recdays": "asks for days", "export": "asks for a file",
	"unit": "shows a unit", "home": "shows the own units", "area": "shows a region", "within": "shows units", "bytask": "shows tasks", "taskview": "shows a task",
	"bywho": "shows people", "whoview": "shows a person", "lights": "shows items", "missing": "shows who has not confirmed", "annwho": "shows recipients",
	"annitem": "shows an announcement", "people": "shows people", "person": "shows a person", "group": "shows a work group",
	"board": "a setting of one's own", "lang": "a setting of one's own", "duty": "a setting of one's own",
	"me": "answers an invitation", "invite": "makes an invitation", "revoke": "ends an account as it is now", "away": "one's own absence", "deputy": "one's own deputy",
	"calendar": "days as they are now", "import": "a list that was sent just now", "drop": "ends a conversation",
}

// ButtonVerbs lists the verbs of all buttons.
func ButtonVerbs() []string {
	var verbs []string
	for verb := range buttons {
		verbs = append(verbs, verb)
	}
	return verbs
}
