package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

func access(caseID int64, who, action string) casework.AccessRow {
	return casework.AccessRow{
		At: start, Who: who, Unit: "IAKKAAT", Action: action, CaseID: caseID, Code: "LK7RTQ4-9", Fields: "case", Register: "social",
		Purpose: "care", Basis: "consent:2", Surface: "sandbox", RequestID: "r1", Allowed: true, Rule: "",
	}
}

// logged is a world with two cases' and one person's rows, sealed, and a row after the seal.
func logged(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for i := range 4 {
		w.within(start, func(tx *store.Tx) error {
			for _, row := range []casework.AccessRow{
				access(1, "ville", fmt.Sprint("act.", i)), access(2, "ville", fmt.Sprint("act.", i)), access(0, "ville", "case.mine"),
			} {
				if err := tx.LogAccess(t.Context(), row); err != nil {
					return err
				}
			}
			return tx.LogDisclosure(t.Context(), casework.DisclosureRow{
				At: start, CaseID: 1, Data: "health", From: "health", Discloser: "sanna", Recipient: "ville",
				RecipientUnit: "IAKKAAT", Purpose: "joint_plan", Ground: "consent:1",
			})
		})
		if i == 1 || i == 2 {
			if err := w.Seal(t.Context(), start.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return w
}

// contains reports whether there is an error that says so.
func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

func (w *world) faults() []string {
	w.Helper()
	r, err := w.Verify(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	var said []string
	for _, f := range r.Faults {
		said = append(said, f.String())
	}
	return said
}

func TestUntouchedLogsVerify(t *testing.T) {
	w := logged(t)
	r, err := w.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := store.Report{Chains: 4, Rows: 16, Seals: 2, SealNo: 2, SealAt: start.Add(2 * time.Hour), SealHash: r.SealHash}
	if d := cmp.Diff(want, r); d != "" || r.SealHash == "" {
		t.Error(d)
	}
	w.within(start, func(tx *store.Tx) error {
		at, err := tx.SealedAt(t.Context())
		if !at.Equal(r.SealAt) {
			t.Errorf("sealed at %v, want %v", at, r.SealAt)
		}
		return err
	})
}

// Every way of tampering that the keys do not allow is found, even by the owner of the database.
func TestTamperingIsFound(t *testing.T) {
	const free = "alter table %s disable trigger append_only"
	for name, attack := range map[string]struct {
		do   []string
		want string
	}{
		"changed row":        {[]string{`update access_log set who = 'leo' where chain = 'case:1' and seq = 2`}, "access log, case:1, row 2: the row was changed"},
		"changed allowance":  {[]string{`update access_log set allowed = false where chain = 'case:1' and seq = 4`}, "access log, case:1, row 4: the row was changed"},
		"changed time":       {[]string{`update disclosure_log set at = at + interval '1 microsecond' where seq = 2`}, "disclosure log, case:1, row 2: the row was changed"},
		"missing row":        {[]string{`delete from access_log where chain = 'case:1' and seq = 2`}, "access log, case:1, row 2: the row is missing"},
		"closed gap":         {[]string{`delete from access_log where chain = 'case:1' and seq = 2`, `update access_log set seq = seq - 1 where chain = 'case:1' and seq > 2`, `update log_chains set seq = 3 where log = 'access' and chain = 'case:1'`}, "access log, case:1, row 2: the row was changed"},
		"added row":          {[]string{`insert into access_log select chain, 5, hash, hash, at, 'leo', unit, action, case_id, code, fields, register, purpose, basis, surface, request_id, allowed, rule from access_log where chain = 'case:1' and seq = 4`}, "access log, case:1, row 5: the row was changed"},
		"repeated row":       {[]string{`insert into access_log select 'case:3', seq, prev_hash, hash, at, who, unit, action, case_id, code, fields, register, purpose, basis, surface, request_id, allowed, rule from access_log where chain = 'case:1' and seq = 1`}, "access log, case:3, row 1: the row was changed"},
		"swapped rows":       {[]string{`update access_log set seq = 9 where chain = 'case:1' and seq = 2`, `update access_log set seq = 2 where chain = 'case:1' and seq = 3`, `update access_log set seq = 3 where chain = 'case:1' and seq = 9`}, "access log, case:1, row 2: the row was changed"},
		"cut tail":           {[]string{`delete from access_log where chain = 'case:1' and seq = 4`}, "access log, case:1, row 4: the row is missing"},
		"cut tail and end":   {[]string{`delete from access_log where chain = 'case:1' and seq = 4`, `update log_chains h set seq = 3, hash = l.hash from access_log l where h.log = 'access' and h.chain = 'case:1' and l.chain = h.chain and l.seq = 3`}, "access log, case:1, row 3: the chain's end was changed"},
		"forgotten chain":    {[]string{`delete from access_log where chain = 'case:1'`, `delete from log_chains where log = 'access' and chain = 'case:1'`}, "access log, case:1, row 2: the row is not what a seal found there"},
		"emptied chain":      {[]string{`delete from access_log where chain = 'case:2'`}, "access log, case:2, row 1: the row is missing"},
		"missing end":        {[]string{`delete from log_chains where log = 'access' and chain = 'case:1'`}, "access log, case:1, row 4: the chain's end is missing"},
		"changed end":        {[]string{`update log_chains set hash = '\x00' where log = 'access' and chain = 'case:1'`}, "access log, case:1, row 4: the chain's end was changed"},
		"changed seal":       {[]string{`update log_seals set at = at + interval '1 day' where no = 1`}, "seal log, all, row 1: the row was changed"},
		"changed sealed end": {[]string{`update log_seal_heads set seq = 1 where no = 1 and chain = 'case:1' and log = 'access'`}, "seal log, all, row 1: the row was changed"},
		"missing seal":       {[]string{`delete from log_seal_heads where no = 1`, `delete from log_seals where no = 1`}, "seal log, all, row 1: the row is missing"},
		"missing last seal":  {[]string{`delete from log_seal_heads where no = 2`, `delete from log_seals where no = 2`}, "seal log, all, row 2: the row is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := logged(t)
			var do []string
			for _, table := range []string{"access_log", "disclosure_log", "log_seals", "log_seal_heads"} {
				do = append(do, fmt.Sprintf(free, table))
			}
			if err := w.asOwner(append(do, attack.do...)...); err != nil {
				t.Fatal(err)
			}
			found := w.faults()
			if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, attack.want) }) {
				t.Errorf("found %q; want %q", found, attack.want)
			}
		})
	}
}

// What one change touches is told, and nothing else.
func TestOneMissingRowIsOneFault(t *testing.T) {
	w := logged(t)
	err := w.asOwner(`alter table access_log disable trigger append_only`, `delete from access_log where chain = 'case:1' and seq = 1`)
	if err != nil {
		t.Fatal(err)
	}
	if found := w.faults(); len(found) != 1 {
		t.Errorf("found %q", found)
	}
}

func TestLogsOfAnotherInstallationDoNotVerify(t *testing.T) {
	w := logged(t)
	other, err := store.Look(t.Context(), store.ServiceURL(w.owner), newKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	r, err := other.Verify(t.Context())
	if err != nil || len(r.Faults) < 16 {
		t.Errorf("%d faults, %v", len(r.Faults), err)
	}
}

// Nobody changes a log row: the service has no right to, its owner is stopped.
func TestLogsAreAppendOnly(t *testing.T) {
	w := logged(t)
	for _, table := range []string{"access_log", "disclosure_log", "log_seals", "log_seal_heads"} {
		for _, statement := range []string{"update " + table + " set hash = ''", "delete from " + table, "truncate " + table + " cascade"} {
			if _, err := w.DB().Exec(statement); !contains(err, "permission denied") {
				t.Errorf("the service: %s: %v", statement, err)
			}
			if err := w.asOwner(statement); !contains(err, "append-only") {
				t.Errorf("the owner: %s: %v", statement, err)
			}
		}
	}
}

// Cases do not wait for one another, and a seal waits for nobody.
func TestAnOpenChainHoldsUpNoOther(t *testing.T) {
	w := logged(t)
	w.within(start, func(tx *store.Tx) error {
		if err := tx.LogAccess(t.Context(), access(1, "ville", "slow")); err != nil {
			return err
		}
		w.within(start, func(other *store.Tx) error { return other.LogAccess(t.Context(), access(2, "sanna", "quick")) })
		return w.Seal(t.Context(), start)
	})
	if found := w.faults(); len(found) > 0 {
		t.Error(found)
	}
}
