package store_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

// fill gives every field that can be reached from v a value of its own, so that one that is not stored, or stored in
// another's place, shows.
func fill(v reflect.Value, n *int) {
	*n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = start.Add(time.Duration(*n) * 1001 * time.Microsecond)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("value_%d", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(f, n)
		}
	default:
		panic("a kind of field that this test does not know: " + v.Kind().String())
	}
}

// filled is a case with every field filled in, as far as the database's rules allow.
func filled(t *testing.T) casework.Case {
	var c casework.Case
	n := 0
	fill(reflect.ValueOf(&c).Elem(), &n)
	c.Code, c.State, c.News = newCode(t, "filled"), casework.Paused, nil
	c.Concern.Urgency, c.Concern.Raiser, c.Coordinator = "urgent", person("sanna"), person("paula")
	for i := range c.Consents {
		k := &c.Consents[i]
		k.Version, k.Status, k.Corrects = i+1, casework.ConsentExpired, i
	}
	for i := range c.Team {
		c.Team[i].No, c.Team[i].State, c.Team[i].Person = i+1, casework.MemberRemoved, person("kaisa")
		c.Responsible[i].No, c.Responsible[i].State, c.Responsible[i].Person = i+1, casework.AssignmentEnded, person("leo")
		c.Meetings[i].No, c.Meetings[i].State = i+1, casework.MeetingHeld
		a := &c.Absences[i]
		a.No, a.State, a.Person, a.Deputy = i+1, casework.DeputyEnded, person("kaisa"), person("leo")
		a.Of = []casework.AbsentRole{casework.AbsentResponsible, casework.AbsentCoordinator}[i]
		c.Duties[i].No, c.Duties[i].By = i+1, "ville"
	}
	return c
}

// Nothing that the rules of care know about a case is lost: also not what they learn to know tomorrow.
func TestEveryFieldOfACaseIsStored(t *testing.T) {
	w := newWorld(t)
	c := filled(t)
	w.within(start, func(tx *store.Tx) (err error) {
		c.ID, err = tx.Add(t.Context(), c, nil)
		return err
	})
	if d := cmp.Diff(c, w.read(c.ID), sameCase); d != "" {
		t.Errorf("added:\n%s", d)
	}
	changed := filled(t)
	n := 1000
	fill(reflect.ValueOf(&changed.Concern.OwnView).Elem(), &n)
	for _, texts := range []any{
		&changed.Consents[0].RefuseReason, &changed.Team[1].Need, &changed.Responsible[0].Need, &changed.Meetings[1].Decisions, &changed.Meetings[0].Attendance[1].How, &changed.Consents[1].Parties[0].Code,
		&changed.TransferNote, &changed.Linked, &changed.Concern.Decision, &changed.Responsible[1].Note, &changed.Absences[1].AskedBy,
	} {
		fill(reflect.ValueOf(texts).Elem(), &n)
	}
	notified := changed.Duties[1]
	notified.No++
	changed.Duties = append(changed.Duties, notified)
	w.act(c.ID, start, func(casework.Case) (casework.Case, error) {
		changed.ID, changed.Revision = c.ID, c.Revision+1
		return changed, nil
	})
	if d := cmp.Diff(changed, w.read(c.ID), sameCase); d != "" {
		t.Errorf("changed:\n%s", d)
	}
}
