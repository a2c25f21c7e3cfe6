package store

// DropScorePart takes out a part that was entered for an assessment.
func (tx *Tx) DropScorePart(assessment int64, part string) error {
	_, err := tx.exec(`DELETE FROM assessment_part WHERE assessment_id = $1 AND part = $2`, assessment, part)
	return err
}
