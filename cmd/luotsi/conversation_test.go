package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestConversations runs every script of commands/testdata on a county of its own: real database, real jobs, the sandbox's
// chat, nothing but its JSON API. How scripts are written stands in conversation_steps_test.go.
func TestConversations(t *testing.T) {
	paths, err := filepath.Glob("../../commands/testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range paths {
		if filepath.Base(path) == "access.txt" { // who may what: not a conversation
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			steps, err := readScript(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := newTalk(t).play(filepath.Base(path), steps); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// step is one line of a script with the form's answers indented below it.
type step struct {
	no      int
	text    string
	answers [][2]string
}

// readScript reads the steps of a script in a file, which begins with a sentence on what it shows.
func readScript(path string) ([]step, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(text, []byte("# ")) {
		return nil, fmt.Errorf("%s:1: a script begins with a sentence on what it shows", path)
	}
	return parseScript(path, string(text))
}

// parseScript reads steps. Empty lines and lines that begin with # are for people; answers are kept in order.
func parseScript(name, text string) (steps []step, err error) {
	no := 0
	for line := range strings.Lines(text) {
		no++
		line = strings.TrimRight(line, " \n")
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "  "):
			name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
			if !ok || len(steps) == 0 {
				return nil, fmt.Errorf("%s:%d: an indented line is an answer: field = value", name, no)
			}
			last := &steps[len(steps)-1]
			last.answers = append(last.answers, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
		default:
			steps = append(steps, step{no: no, text: line})
		}
	}
	return steps, nil
}

// run plays steps that stand in a test's own text.
func (k *talk) run(text string) {
	k.t.Helper()
	steps, err := parseScript("text", text)
	if err == nil {
		err = k.play("text", steps)
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

// play does the steps in order and stops at the first that does not come out as written.
func (k *talk) play(script string, steps []step) error {
	for _, s := range steps {
		if err := k.do(s); err != nil {
			return fmt.Errorf("%s:%d: %s\n%w", script, s.no, s.text, err)
		}
	}
	return k.untroubled()
}

// first plays a script of the folder "alku": the way that many conversations have behind them.
func (k *talk) first(words []string, _ [][2]string) error {
	steps, err := readScript("../../commands/testdata/alku/" + words[0] + ".txt")
	if err != nil {
		return err
	}
	return k.play("alku/"+words[0], steps)
}

// do finds what the line means and does it, with {names} put in.
func (k *talk) do(s step) error {
	for _, m := range k.meanings {
		if words := m.line.FindStringSubmatch(s.text); words != nil {
			for i := range words {
				words[i] = k.fill(words[i])
			}
			for i := range s.answers {
				s.answers[i][1] = k.fill(s.answers[i][1])
			}
			return m.do(k, words[1:], s.answers)
		}
	}
	return fmt.Errorf("this line means nothing")
}

var named = regexp.MustCompile(`\{\w+\}`)

// fill puts the codes in: {A} as Luotsi writes it, {a} as somebody in a hurry does.
func (k *talk) fill(s string) string {
	return named.ReplaceAllStringFunc(s, func(name string) string {
		if value, ok := k.codes[strings.Trim(name, "{}")]; ok {
			return value
		}
		return name
	})
}
