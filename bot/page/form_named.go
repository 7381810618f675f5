package page

import (
	"slices"

	"luotsi/bot"
)

// emptyRows is how many lines are left to write further names on; sending the form gives as many again.
const emptyRows = 4

// names shows a field whose choices are too many to be listed: lines to write names on, which the browser completes.
func (m *formModel) names(f *fieldModel, value any) {
	if !f.Named() {
		return
	}
	f.Lines = f.Names(value)
	empty := emptyRows
	if f.Kind == bot.Someone {
		empty = 1 - min(1, len(f.Lines))
	}
	f.Lines = append(f.Lines, make([]string, empty)...)
	f.List = f.ID + "-list"
	for _, other := range m.listed {
		if slices.Equal(other.Options, f.Options) { // several questions about the same people share one list
			f.List, f.Options = other.List, nil
			return
		}
	}
	m.listed = append(m.listed, *f)
}

// Nth numbers the lines from one, for screen readers.
func (f fieldModel) Nth(i int) int { return i + 1 }
