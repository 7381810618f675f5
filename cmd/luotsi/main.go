// Command luotsi is the one binary: it reads flags and environment, joins the parts, and turns errors into exit codes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. What it is called and does is part of what outside programs rely on.
type cli struct {
	Sandbox  sandboxCmd  `cmd:"" help:"Try Luotsi: a private PostgreSQL and a whole chat in one browser page."`
	Serve    serveCmd    `cmd:"" help:"Run Luotsi for an organisation, in Mattermost, Slack or both."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database, which must be there, to this version."`
	Setup    setupCmd    `cmd:"" help:"Make what an installation needs."`
	Manifest manifestCmd `cmd:"" help:"What a chat needs to know of Luotsi."`
	Doctor   doctorCmd   `cmd:"" help:"Tell what is wrong with the installation, its database and chats, and what to do."`
	People   peopleCmd   `cmd:"" help:"The organisation's people."`
	Audit    struct {
		Verify verifyCmd `cmd:"" help:"Check that no row of the logs was changed, removed or added."`
	} `cmd:"" help:"The access and disclosure logs."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program without the process around it. Exit codes: 0 done, 1 failed, 2 wrong usage.
func run(args []string, stdout, stderr *os.File) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("luotsi"), kong.Writers(stdout, stderr),
		kong.Description("Luotsi: shared care in Mattermost and Slack, with the client's consent."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		fmt.Fprintln(stderr, "luotsi:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if err != nil {
		misused(parser, args, err, stderr)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	k.Bind(&out{stdout})
	if err := k.Run(); err != nil {
		fmt.Fprintln(stderr, "luotsi:", err)
		return 1
	}
	return 0
}

// misused tells what was wrong with the command line. Where only a command was left out, the commands there are say it best.
func misused(parser *kong.Kong, args []string, err error, stderr io.Writer) {
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) {
		fmt.Fprintln(stderr, "luotsi:", err)
		return
	}
	node, path := parser.Model.Node, "luotsi"
	if chosen := wrong.Context.Selected(); chosen != nil {
		node, path = chosen, "luotsi "+chosen.Path()
	}
	if given := len(strings.Fields(path)) - 1; len(node.Children) > 0 && given == len(args) {
		parser.Stdout = stderr
		if wrong.Context.PrintUsage(false) == nil {
			return
		}
	}
	fmt.Fprintf(stderr, "luotsi: %v\nRun \"%s --help\".\n", err, path)
}

// out is where a command tells what it does.
type out struct{ file *os.File }

func (o *out) say(format string, args ...any) { fmt.Fprintf(o.file, format+"\n", args...) }

// count says a number of things.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
