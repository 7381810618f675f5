// Package store keeps casework in PostgreSQL: what was decided comes back as it was decided, free text and identities lie
// encrypted, every use of a case is on record, and a change commits together with all that follows from it. It decides nothing.
package store
