package store

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

// instant is a time as it is stored: to the microsecond, the zero time as NULL. What comes back is in Helsinki's zone, in
// which the rules count days.
type instant time.Time

// Value cuts to the microsecond: rounding up, as PostgreSQL does, would store a time that has not been yet.
func (i instant) Value() (driver.Value, error) {
	if time.Time(i).IsZero() {
		return nil, nil
	}
	return time.Time(i).UTC().Truncate(time.Microsecond), nil
}

// Scan reads a timestamptz.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = instant{}
	case time.Time:
		*i = instant(v.In(casework.Helsinki))
	default:
		return fmt.Errorf("an instant cannot be read from %T", src)
	}
	return nil
}

// codes is a text[] that is never NULL; an empty one comes back as nil.
type codes []string

// Value writes nil as the empty array.
func (c codes) Value() (driver.Value, error) {
	if c == nil {
		return "{}", nil
	}
	return pq.StringArray(c).Value()
}

// Scan reads a text[].
func (c *codes) Scan(src any) error {
	if err := (*pq.StringArray)(c).Scan(src); err != nil {
		return err
	}
	if len(*c) == 0 {
		*c = nil
	}
	return nil
}

// ref is a text that refers to another table's key: empty is NULL.
type ref string

// Value writes the empty text as NULL.
func (r ref) Value() (driver.Value, error) {
	if r == "" {
		return nil, nil
	}
	return string(r), nil
}

// Scan reads a text or NULL.
func (r *ref) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*r = ""
	case string:
		*r = ref(v)
	case []byte:
		*r = ref(v)
	default:
		return fmt.Errorf("a key cannot be read from %T", src)
	}
	return nil
}
