// Command luotsi is the one binary: it reads flags and environment, joins the parts, and turns errors into exit codes.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. What it is called and does is part of what outside programs rely on.
type cli struct {
	Sandbox  sandboxCmd  `cmd:"" help:"Try Luotsi: a private PostgreSQL and a whole chat in one browser page."`
	Serve    serveCmd    `cmd:"" help:"Run Luotsi for an organisation, in Mattermost, Slack or both."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this version."`
	Setup    setupCmd    `cmd:"" help:"Make what an installation needs."`
	Manifest manifestCmd `cmd:"" help:"What a chat needs to know of Luotsi."`
	Doctor   doctorCmd   `cmd:"" help:"Tell what is wrong with the installation, and what to do."`
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
		kong.Description("Luotsi: shared care in Mattermost and Slack, with the client's consent."), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(stderr, "luotsi:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "luotsi:", err)
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

// out is where a command tells what it does.
type out struct{ file *os.File }

func (o *out) say(format string, args ...any) { fmt.Fprintf(o.file, format+"\n", args...) }
