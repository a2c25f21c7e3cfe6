package work

import "duban"

// errorsOf returns the first error.
func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// ignoreNotFound is for where it is as well that there is nothing.
func ignoreNotFound(err error) error {
	if duban.CodeOf(err) == duban.NotFound {
		return nil
	}
	return err
}
