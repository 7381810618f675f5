package commands

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/commands/casework"
)

// rules are all by which a request can be refused, as the log has them: those of care, and what is wrong with a request itself. A
// form that was only filled in wrongly is logged as formIncomplete, which has a sentence of its own.
func rules(t *testing.T) []string {
	t.Helper()
	all := bottest.ReadSource(t, "casework").Constants("Rule")
	for _, dir := range []string{".", "../bot"} {
		src := bottest.ReadSource(t, dir)
		all = slices.Concat(all, texts(src.Calls(0, "Refuse", "Never")), texts(src.Calls(1, "against")), src.Values("Rule"))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// logged is a transaction in which the log holds some rows.
type logged struct {
	people
	rows []casework.AccessRow
}

func (l logged) AccessOf(context.Context, int64, casework.AccessPage) (lines []casework.AccessLine, all int, err error) {
	for _, row := range l.rows {
		lines = append(lines, casework.AccessLine{AccessRow: row, Times: 1})
	}
	return lines, len(lines), nil
}

// The data protection officer reads words, in any language, and no names of the program's.
func TestLogIsReadWithoutTheProgramsNames(t *testing.T) {
	h := newHouse(t)
	found := rules(t)
	if len(found) < 30 || !slices.Contains(found, "expired_ticket") || !slices.Contains(found, "which_meeting") {
		t.Fatalf("only these rules were found: %v", found)
	}
	rows := []casework.AccessRow{{Action: "consent.record", Rule: formIncomplete, Surface: "slack"}, {Action: "case.show", Allowed: true, Surface: "web"}}
	for _, rule := range found {
		rows = append(rows, casework.AccessRow{At: time.Now(), Who: "sanna", Action: "client.reveal", Purpose: "identify_client", Surface: "mattermost", Rule: rule})
	}
	for _, lang := range bot.Langs {
		d := &Desk{Tx: logged{rows: rows}, House: h}
		r, err := caseLog.Do(t.Context(), &Call{Command: caseLog, Person: bot.Person{Lang: lang}, Code: "BCDFGHJ-K", Desk: d})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range r.Replies[0].Lines {
			said := h.Catalog.Say(lang, line.Text)
			atMost(t, string(lang)+" "+rows[i].Rule, said, 0, 0)
			if strings.Contains(said, "_") || strings.Contains(said, "mattermost") || strings.Contains(said, "slack") || strings.Contains(said, " web") {
				t.Errorf("%s: %s", lang, said)
			}
		}
	}
}
