package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// schema says how the schema of a database compares with what this program knows.
type schema int

const (
	schemaCurrent schema = iota
	schemaOlder
	schemaNewer
)

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func schemaState(ctx context.Context, db *sql.DB) (schema, error) {
	p, err := provider(db)
	if err != nil {
		return 0, err
	}
	has, err := schemaVersion(ctx, db)
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	knows := sources[len(sources)-1].Version
	switch {
	case has > knows:
		return schemaNewer, nil
	case has < knows:
		return schemaOlder, nil
	}
	return schemaCurrent, nil
}

// schemaVersion returns the version of the newest migration that a database has seen.
func schemaVersion(ctx context.Context, db *sql.DB) (has int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&has)
	if err != nil {
		return 0, unusable(err)
	}
	return has, nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := engineFiles()
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// engineFiles returns the migrations with the tokens of this engine filled in, without the files of other engines.
func engineFiles() (fs.FS, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		base := strings.TrimPrefix(name, "migrations/")
		if strings.Count(base, ".") > 1 && !strings.HasSuffix(base, engineSuffix) {
			continue
		}
		text, err := readMigration(name)
		if err != nil {
			return nil, err
		}
		out[strings.ReplaceAll(base, engineSuffix, ".sql")] = &fstest.MapFile{Data: []byte(text)}
	}
	return out, nil
}

func readMigration(name string) (string, error) {
	f, err := migrationFiles.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return "", err
	}
	text := string(data)
	for token, word := range ddlTokens {
		text = strings.ReplaceAll(text, token, word)
	}
	return text, nil
}
