package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"luotsi/bot"
)

func (k *talk) replySays(words []string, _ [][2]string) error {
	if strings.Contains(k.last.got.text(), words[0]) {
		return nil
	}
	return fmt.Errorf("it is not in the answer: %s", k.last.raw)
}

func (k *talk) replySilent(words []string, _ [][2]string) error {
	if strings.Contains(string(k.last.raw), words[0]) {
		return fmt.Errorf("it is in the answer: %s", k.last.raw)
	}
	return nil
}

// fieldFault: the form stays open with a text beside the field.
func (k *talk) fieldFault(words []string, _ [][2]string) error {
	if strings.Contains(k.last.got.Errors[words[0]], words[1]) && k.last.got.Errors[words[0]] != "" {
		k.trouble = false
		return nil
	}
	return fmt.Errorf("%s has another fault or none: %s", words[0], k.last.raw)
}

// refused: some reply names the rule.
func (k *talk) refused(words []string, _ [][2]string) error {
	if slices.Contains(k.last.got.refusals(), words[0]) {
		k.trouble = false
		return nil
	}
	return fmt.Errorf("no such refusal: %s", k.last.raw)
}

func (k *talk) offered(label string) bool {
	return slices.ContainsFunc(k.last.got.Replies, func(m said) bool {
		for _, b := range m.Buttons {
			if b.Label == label {
				return true
			}
		}
		return false
	})
}

func (k *talk) offers(words []string, _ [][2]string) error {
	if k.offered(words[0]) {
		return nil
	}
	return fmt.Errorf("no such button: %s", k.last.raw)
}

func (k *talk) offersNot(words []string, _ [][2]string) error {
	if k.offered(words[0]) {
		return fmt.Errorf("there is such a button: %s", k.last.raw)
	}
	return nil
}

// formAsks: the open form has these fields before its fold, in this order. It is put away.
func (k *talk) formAsks(words []string, _ [][2]string) error {
	if k.open == nil {
		return fmt.Errorf("no form is open: %s", k.last.raw)
	}
	var names []string
	for _, f := range k.open.dialog.Fields {
		if !f.Folded {
			names = append(names, f.Name)
		}
	}
	if got := strings.Join(names, ", "); got != words[0] {
		return fmt.Errorf("it asks %s", got)
	}
	k.open = nil
	return nil
}

func (k *talk) formSays(words []string, _ [][2]string) error {
	if k.open == nil {
		return fmt.Errorf("no form is open: %s", k.last.raw)
	}
	d := k.open.dialog
	if strings.Contains(d.Title+"\n"+d.Intro, words[0]) || slices.ContainsFunc(d.Fields, func(f bot.DialogField) bool {
		return strings.Contains(f.Label+"\n"+f.Help, words[0])
	}) {
		return nil
	}
	return fmt.Errorf("the form says: %s\n%s", d.Title, d.Intro)
}

func (k *talk) noLink([]string, [][2]string) error {
	if k.last.got.Link != nil {
		return errors.New("there is a link")
	}
	return nil
}

func (k *talk) pageShows(words []string, _ [][2]string) error {
	if strings.Contains(k.page, words[0]) {
		return nil
	}
	return fmt.Errorf("the page is: %s", k.page)
}

func (k *talk) pageHides(words []string, _ [][2]string) error {
	if k.page == "" || strings.Contains(k.page, words[0]) {
		return fmt.Errorf("the page is: %s", k.page)
	}
	return nil
}

func (k *talk) keepAnswer(words []string, _ [][2]string) error {
	k.answers[words[0]] = k.answered()
	return nil
}

func (k *talk) sameAnswer(words []string, _ [][2]string) error {
	if got, want := k.answered(), k.answers[words[0]]; got != want || want == "" {
		return fmt.Errorf("then %q\nnow  %q", want, got)
	}
	k.trouble = false
	return nil
}

// answered is all that a person can tell two answers apart by.
func (k *talk) answered() string {
	var b strings.Builder
	for _, m := range k.last.got.Replies {
		fmt.Fprintln(&b, m.Text, deref(m.Code), deref(m.Refusal))
		for _, button := range m.Buttons {
			fmt.Fprintln(&b, "["+button.Label+"]")
		}
	}
	fmt.Fprintln(&b, k.last.got.Errors, k.last.got.Form != nil, deref(k.last.got.Link))
	return b.String()
}

func deref(s *string) string {
	if s == nil {
		return "–"
	}
	return *s
}

// room finds the id of a room as a script names it: dm (also when nothing is named), queue, general, or a case's code.
func (k *talk) room(as, name string) (string, error) {
	if name == "" {
		name = "dm"
	}
	if slices.Contains([]string{"dm", "queue", "general"}, name) {
		return name, nil
	}
	rooms, err := k.town.rooms(k.t.Context(), as)
	if err != nil {
		return "", err
	}
	for _, r := range rooms {
		if r.Name == caseRoom(name) {
			return r.ID, nil
		}
	}
	return "", fmt.Errorf("%s sees no room of %s", as, name)
}

// caseRoom is the name of a case's room; "CODE/2" is the case's second one.
func caseRoom(name string) string {
	code, number, _ := strings.Cut(name, "/")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = 1
	}
	return roomNameOf(code, n)
}

// seenBy finds what the person sees of a text, in one room or in all.
func (k *talk) seenBy(as, room, text string) (found, all []said, err error) {
	id := ""
	if room != "" {
		if id, err = k.room(as, room); err != nil {
			return nil, nil, err
		}
	}
	all, err = k.town.messages(k.t.Context(), as, id)
	for _, m := range all {
		labels := ""
		for _, b := range m.Buttons {
			labels += "\n" + b.Label
		}
		if strings.Contains(m.Text+labels, text) {
			found = append(found, m)
		}
	}
	return found, all, err
}

func (k *talk) sees(words []string, _ [][2]string) error {
	found, all, err := k.seenBy(words[0], words[1], words[2])
	if err != nil {
		return err
	}
	at := strings.Replace(words[4], " ", "T", 1)
	found = slices.DeleteFunc(found, func(m said) bool { return !strings.HasPrefix(m.At, at) })
	if words[3] == "" && len(found) > 0 || words[3] == strconv.Itoa(len(found)) {
		return nil
	}
	return fmt.Errorf("%s sees it %d times among:\n%s", words[0], len(found), shown(all))
}

func (k *talk) seesNot(words []string, _ [][2]string) error {
	found, _, err := k.seenBy(words[0], words[1], words[2])
	if err == nil && len(found) > 0 {
		return fmt.Errorf("%s does see it:\n%s", words[0], shown(found))
	}
	return err
}

func (k *talk) nobodySees(words []string, _ [][2]string) error {
	but := strings.Split(words[0], ", ")
	for _, login := range k.people() {
		if slices.Contains(but, login) {
			continue
		}
		if err := k.seesNot([]string{login, "", words[1]}, nil); err != nil {
			return err
		}
	}
	return nil
}

// roomHolds: exactly these people see the case's room and are in it; or "none", never was one; or "archived", nobody is in it
// and nothing can be said there any more.
func (k *talk) roomHolds(words []string, _ [][2]string) error {
	name := caseRoom(words[0])
	var seers, members []string
	for _, login := range k.people() {
		rooms, err := k.town.rooms(k.t.Context(), login)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if r.Name == name && r.Archived {
				return fmt.Errorf("%s still sees the archived room", login)
			}
			if r.Name == name {
				seers, members, k.spaces[name] = append(seers, login), r.Members, r.ID
			}
		}
	}
	want := strings.Split(words[1], ", ")
	switch words[1] {
	case "archived":
		return k.roomArchived(name, seers)
	case "none":
		want = nil
	}
	slices.Sort(want)
	slices.Sort(seers)
	slices.Sort(members)
	if !slices.Equal(want, seers) || len(want) > 0 && !slices.Equal(want, members) {
		return fmt.Errorf("seen by %v with the members %v", seers, members)
	}
	return nil
}

func (k *talk) roomArchived(name string, seers []string) error {
	id := k.spaces[name]
	if id == "" || len(seers) > 0 {
		return fmt.Errorf("seen by %v, ever seen: %v", seers, id != "")
	}
	members, err := k.town.county.chat.Members(k.t.Context(), id)
	if err != nil || len(members) > 0 {
		return fmt.Errorf("it holds %v (%v)", members, err)
	}
	if err := k.town.county.chat.Invite(k.t.Context(), id, "paula"); !errors.Is(err, bot.ErrGone) {
		return fmt.Errorf("it is still open (%v)", err)
	}
	return nil
}
