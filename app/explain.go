package app

import (
	"errors"

	"duban"
	"duban/imports"
	"duban/text"
)

// Explain says in a language what an error means for the operator. What only developers can put right stays as it is.
func Explain(err error, lang text.Lang) string {
	if t, ok := errors.AsType[*Trouble](err); ok {
		return t.In(lang)
	}
	if said, ok := imports.Refusal(lang, err); ok {
		return said
	}
	if refused, ok := errors.AsType[*duban.Error](err); ok {
		return text.Word(lang, "refused."+string(refused.Code), refused.Args...)
	}
	return err.Error()
}
