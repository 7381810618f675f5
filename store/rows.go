package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A row is a struct whose fields carry their column in a db tag. From the tags alone come the lists of columns that
// reading and writing need, so that a column is named once.

// columns lists the columns of R's fields.
func columns[R any]() []string {
	var names []string
	for f := range reflect.TypeFor[R]().Fields() {
		if name := f.Tag.Get("db"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// selecting begins a query for rows of R.
func selecting[R any](table string) string {
	return "select " + strings.Join(columns[R](), ", ") + " from " + table + " "
}

// rowsOf reads the rows of R that the rest of the query, from "where" on, leaves.
func rowsOf[R any](ctx context.Context, t *Tx, table, rest string, args ...any) ([]R, error) {
	var rows []R
	if err := t.db.SelectContext(ctx, &rows, selecting[R](table)+rest, args...); err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	return rows, nil
}

// put writes the rows, replacing those that have the same key: the first of the row's columns, as many as keys says.
func put[R any](ctx context.Context, t *Tx, table string, keys int, rows ...R) error {
	if len(rows) == 0 {
		return nil
	}
	names := columns[R]()
	var set []string
	for _, name := range names[keys:] {
		set = append(set, name+" = excluded."+name)
	}
	query := insertion(table, names) + " on conflict (" + strings.Join(names[:keys], ", ") + ") do update set " + strings.Join(set, ", ")
	if _, err := t.db.NamedExecContext(ctx, query, rows); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

// add writes rows that must be new.
func add[R any](ctx context.Context, t *Tx, table string, rows ...R) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := t.db.NamedExecContext(ctx, insertion(table, columns[R]()), rows); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

func insertion(table string, names []string) string {
	return "insert into " + table + " (" + strings.Join(names, ", ") + ") values (:" + strings.Join(names, ", :") + ")"
}

// settings lists "column = :column" for every column of R but the key.
func settings[R any](key string) string {
	names := slices.DeleteFunc(columns[R](), func(n string) bool { return n == key })
	for i, n := range names {
		names[i] = n + " = :" + n
	}
	return strings.Join(names, ", ")
}
