package bot

import (
	"slices"
	"strings"
)

// exampleCode shows what a case's code looks like. Its check symbol is wrong, so that it is no case's.
const exampleCode = "BCDFGHJ-K"

// routeText reads a command's name, in any language, and a case's code after it. Nothing else that was typed is said again or kept:
// it could be a name. A slash command leaves no message in a chat, so that there is none to be deleted.
func (d *Dispatcher[D]) routeText(c *Call[D]) act[D] {
	words := commandWords(c.Request.Text)
	if len(words) == 0 {
		c.Command = d.Registry.Command("today")
		return d.begin
	}
	command, rest := d.Registry.find(words)
	switch {
	case d.Forbidden(c.Request.Text):
		return refuse[D](&Refusal{
			Rule: "identity_in_text", Text: T("refusal.identity_on_command_line"), Buttons: []Button{opens(command, "")},
		})
	case command == nil:
		return refuse[D](d.unknownVerb(c, words))
	}
	c.Command = command
	if len(rest) == 0 {
		return d.begin
	}
	why := TD("refusal.text_on_command_line", nil)
	switch {
	case command.Aim == NoCase:
		why = TD("refusal.nothing_after_command", Data{"usage": command.Usage(c.Person.Lang, "")})
	case d.CodeLike != nil && !d.CodeLike(rest[0]):
		why = TD("refusal.no_code_on_command_line", Data{"usage": command.Usage(c.Person.Lang, exampleCode)})
	default:
		c.Code, rest = rest[0], rest[1:]
		if len(rest) == 0 {
			return d.begin
		}
	}
	return refuse[D](&Refusal{Rule: "text_on_command_line", Text: why, Buttons: []Button{opens(command, c.Code)}})
}

// commandWords are the words typed after the trigger; a trigger that is a command's own name is that name.
func commandWords(text string) []string {
	words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(text), "/"))
	if len(words) == 0 {
		return nil
	}
	if verb, ok := Triggers[strings.ToLower(words[0])]; ok {
		words = append(strings.Fields(verb), words[1:]...)
	}
	return words
}

// opens is the button that gives the command, or help when none was understood.
func opens[D any](command *Command[D], code string) Button {
	if command == nil {
		return Button{Label: T("button.help"), Command: "help"}
	}
	return Button{Label: T("button.open"), Command: command.Key, Code: code}
}

// unknownVerb names the commands that have the typed words in their names, or the nearest command; never what was typed.
func (d *Dispatcher[D]) unknownVerb(c *Call[D], words []string) *Refusal {
	help := opens[D](nil, "")
	var near *Command[D]
	if len(words) > 1 && (d.CodeLike == nil || !d.CodeLike(words[1])) { // a code is no part of a name
		near = d.Registry.nearest(words[0] + " " + words[1])
	}
	if near == nil {
		if partly := d.partly(c.Person, words); len(partly) > 0 {
			return partlyNamed(c.Person.Lang, partly, help)
		}
		near = d.Registry.nearest(words[0])
	}
	if near == nil {
		return &Refusal{Rule: "unknown_command", Text: T("refusal.unknown_command"), Buttons: []Button{help}}
	}
	name := Plain(near.NameIn(c.Person.Lang))
	return &Refusal{
		Rule: "unknown_command", Text: TD("refusal.unknown_command_near", Data{"name": name}),
		Buttons: []Button{{Label: name, Command: near.Key}, help},
	}
}

// partly are the person's commands with as many of the first words as possible in their names, in the order of help.
func (d *Dispatcher[D]) partly(p Person, words []string) (found []*Command[D]) {
	for n := min(d.Registry.longest, len(words)); n > 0 && len(found) == 0; n-- {
		typed := " " + foldName(strings.Join(words[:n], " ")) + " "
		for _, command := range d.Registry.Commands {
			if command.hasWords(typed) && (d.May == nil || d.May(p, command)) {
				found = append(found, command)
			}
		}
	}
	return found
}

func (c *Command[D]) hasWords(typed string) bool {
	return slices.ContainsFunc(Langs, func(lang Lang) bool {
		return slices.ContainsFunc(strings.Split(c.Names[lang], "|"), func(name string) bool {
			return strings.Contains(" "+foldName(name)+" ", typed)
		})
	})
}

func partlyNamed[D any](lang Lang, commands []*Command[D], help Button) *Refusal {
	usages, buttons := make([]Text, len(commands)), make([]Button, len(commands), len(commands)+1)
	for i, command := range commands {
		usages[i] = Plain(command.Usage(lang, ""))
		buttons[i] = Button{Label: Plain(command.NameIn(lang)), Command: command.Key}
	}
	return &Refusal{
		Rule: "unknown_command", Text: TD("refusal.unknown_command_part", Data{"usages": usages}), Buttons: append(buttons, help),
	}
}
