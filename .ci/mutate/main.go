// Command mutate shows that the tests defend the rules: it breaks the rules of rules.go one at a time and tells which test
// notices. The tree is never written to: a broken file reaches the compiler as an overlay.
//
//	go run ./.ci/mutate [words of a rule]
//
// It ends with status 1 when a break survives every test, when one does not fit the code any more, or when the tests fail
// without a break.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// rule is one rule in words, and the one change to the code that breaks it.
type rule struct {
	words    string
	file     string // from the root of the repository
	old, new string // old occurs exactly once in the file
}

// suites are run in this order until one notices: what is quick comes first.
var suites = [][]string{
	{"./commands/casework", "-rapid.nofailfile", "-rapid.shrinktime=1s", "-rapid.seed=1"},
	{"./commands"},
	{"./cmd/luotsi", "-run=Conversation|Form|Answer|Luotsi|Room|Outsiders|Patrol|IdentityCode|Regist"},
}

// limit is how long one suite may take: a break may make it wait for what never comes.
const limit = 10 * time.Minute

var (
	errSurvived = errors.New("SURVIVED")
	errUnfit    = errors.New("does not fit the code")
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, strings.Join(os.Args[1:], " ")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

// run breaks every rule whose words contain the given ones, and prints a line on each.
func run(ctx context.Context, words string) error {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Where a test fails anyway, it would seem to notice every break.
	if caught, err := notice(ctx, ""); err != nil || caught != "" {
		return errors.Join(fmt.Errorf("the tests must pass before a rule is broken; failed: %s", caught), err)
	}
	broken, bad := 0, 0
	for _, r := range rules {
		if !strings.Contains(r.words, words) {
			continue
		}
		broken++
		caught, err := try(ctx, dir, r)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			bad++
			fmt.Printf("%-72s %v\n", r.words, err)
		default:
			fmt.Printf("%-72s caught by %s\n", r.words, caught)
		}
	}
	fmt.Printf("%d rules broken, %d noticed\n", broken, broken-bad)
	if bad > 0 || broken == 0 {
		return fmt.Errorf("%d of %d breaks were not noticed", bad, broken)
	}
	return nil
}

// try breaks one rule and names the test that noticed.
func try(ctx context.Context, dir string, r rule) (string, error) {
	overlay, err := broken(dir, r)
	if err != nil {
		return "", err
	}
	caught, err := notice(ctx, overlay)
	if err == nil && caught == "" {
		err = errSurvived
	}
	return caught, err
}

// broken writes the file with the rule broken in it outside the tree, and the overlay that puts it in the file's place.
func broken(dir string, r rule) (overlay string, err error) {
	path, err := filepath.Abs(r.file)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), r.old); n != 1 {
		return "", fmt.Errorf("%w: the old text occurs %d times in %s", errUnfit, n, r.file)
	}
	file, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), r.old, r.new, 1)), 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{path: file}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, replace, 0o600)
}

// notice runs the suites until one fails and names the test; empty when all pass.
func notice(ctx context.Context, overlay string) (string, error) {
	for _, suite := range suites {
		args := []string{"test", "-short", "-failfast", "-vet=off", "-count=1", "-timeout=" + limit.String()}
		if overlay != "" {
			args = append(args, "-overlay="+overlay)
		}
		test := exec.CommandContext(ctx, "go", append(args, suite...)...)
		test.Cancel = func() error { return test.Process.Signal(os.Interrupt) } // it ends what it has started
		out, err := test.CombinedOutput()
		var failed *exec.ExitError
		switch {
		case err == nil:
			continue
		case !errors.As(err, &failed):
			return "", err
		}
		if name := failedTest(string(out)); name != "" {
			return name, nil
		}
		return "", fmt.Errorf("%w: %s\n%s", errUnfit, suite[0], out)
	}
	return "", nil
}

// failedTest is the name of the first test that failed, down to its part; empty when no test ran to its end.
func failedTest(out string) string {
	test := ""
	for line := range strings.Lines(out) {
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: ")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, " ")
		if test != "" && !strings.HasPrefix(name, test+"/") {
			break
		}
		test = name
	}
	if _, at, ok := strings.Cut(out, "panic: test timed out"); ok && test == "" {
		return "the time limit" + strings.SplitN(at, "\n", 2)[0]
	}
	return test
}
