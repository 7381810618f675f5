package main

import "regexp"

// meaning is a kind of line in a script, and what it does with its words and the answers indented below it.
type meaning struct {
	line *regexp.Regexp
	do   act
}

type act = func(k *talk, words []string, answers [][2]string) error

func means(line string, do act) meaning { return meaning{regexp.MustCompile("^" + line + "$"), do} }

// meanings are all that a script can say; the first that fits counts.
func meanings() []meaning {
	return []meaning{
		// How it came so far: the steps of a script in the folder "alku".
		means(`first (\w+)`, (*talk).first),

		// Time and weather.
		means(`clock (\S+ \S+)`, (*talk).clock),
		means(`outage (on|off)`, (*talk).outage),

		// Somebody does something. Answers below such a line are sent with the form that it opened.
		means(`at once ([\w, ]+): (.+)`, (*talk).atOnce),
		means(`(\w+)(?: @(\S+))?: (.+)`, (*talk).says),
		means(`(\w+)(?: @(\S+))? presses "([^"]+)"(?: about (\S+))?`, (*talk).presses),
		means(`(\w+) corrects`, (*talk).corrects),
		means(`(\w+) sends (\w+)`, (*talk).sendsKept),
		means(`(\w+) adds (\w+) to the room of (\S+)`, (*talk).adds),
		means(`(\w+) takes (\w+) out of the room of (\S+)`, (*talk).takesOut),
		means(`account of (\w+) (closes|opens)`, (*talk).account),
		means(`(\w+) opens the link`, (*talk).opensLink),
		means(`again`, (*talk).again),
		means(`once more`, (*talk).onceMore),

		// What came of it.
		means(`> (.+)`, (*talk).replySays),
		means(`>! (.+)`, (*talk).replySilent),
		means(`\? (\w+)(?:: (.+))?`, (*talk).fieldFault),
		means(`refused (\w+)`, (*talk).refused),
		means(`offers "([^"]+)"`, (*talk).offers),
		means(`does not offer "([^"]+)"`, (*talk).offersNot),
		means(`form asks (.+)`, (*talk).formAsks),
		means(`form says "(.+)"`, (*talk).formSays),
		means(`no link`, (*talk).noLink),
		means(`page shows "(.+)"`, (*talk).pageShows),
		means(`page does not show "(.+)"`, (*talk).pageHides),
		means(`keep form as (\w+)`, (*talk).keepForm),
		means(`keep answer as (\w+)`, (*talk).keepAnswer),
		means(`same answer as (\w+)`, (*talk).sameAnswer),
		means(`(\w+) is the code`, (*talk).isCode),

		// What people see: in one of their rooms (@dm, @queue, @general, @CODE for a case's room), or anywhere.
		means(`nobody(?: but ([\w, ]+))? sees "(.+)"`, (*talk).nobodySees),
		means(`! (\w+)(?: @(\S+))? sees "?([^"]+)"?`, (*talk).seesNot),
		means(`(\w+)(?: @(\S+))? sees "([^"]+)"(?: (\d+) times)?(?: at (\S+ \S+))?`, (*talk).sees),
		means(`room of (\S+): (.+)`, (*talk).roomHolds),
	}
}
