package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/prose"
)

const (
	screen     = 24 // lines of a terminal: the most that --help writes
	columnsOf  = 80 // of a terminal
	flagColumn = 21 // in which the meaning of a flag begins
	examples   = 3  // of a command, in --help
)

// often are flags that --help shows of every command that has them; --help --all shows
// all.
var often = []string{
	"root", "example", "target", "config-only", "format", "fail-on", "only", "issuer", "set", "prove", "check", "write",
	"token", "claims", "cert", "subject", "within", "purpose", "host", "ce", "static", "out",
}

// wholeHelp says whether the arguments ask for the help with all flags, and gives them
// without the word that does.
func wholeHelp(args []string) ([]string, bool) {
	asks := slices.Contains(args, "--help") || slices.Contains(args, "-h") || slices.Contains(args, "help")
	at := slices.Index(args, "--all")
	if !asks || at < 0 {
		return args, false
	}
	return slices.Delete(slices.Clone(args), at, at+1), true
}

// briefly gives each command a help of one screen.
func briefly(app *cli.App) {
	for _, command := range app.Commands {
		if len(command.Flags) > 0 {
			command.CustomHelpTemplate = literal(briefHelp(command))
		}
	}
}

// literal is a template that writes the text.
func literal(text string) string { return "{{" + fmt.Sprintf("%q", text) + "}}" }

// briefHelp is what a command does, how it is called, three examples and as many of the
// flags that are used often as a screen has room for.
func briefHelp(command *cli.Command) string {
	lines := prose.Wrap("arclint "+command.Name+": "+command.Usage, columnsOf)
	lines = append(lines, "", "   "+command.UsageText, "")
	lines = append(append(lines, firstExamples(command.Description)...), "")
	shown := 0
	for _, name := range often {
		i := slices.IndexFunc(command.Flags, func(f cli.Flag) bool { return f.Names()[0] == name })
		if i < 0 {
			continue
		}
		flag := flagLines(command.Flags[i])
		if len(lines)+len(flag)+2 > screen {
			break
		}
		lines, shown = append(lines, flag...), shown+1
	}
	rest := "`arclint " + command.Name + " --help --all` says more"
	if n := len(command.Flags) - shown; n > 0 {
		rest += ", with " + prose.Plural(n, "more flag")
	}
	return strings.Join(append(lines, "", rest+"."), "\n") + "\n"
}

// firstExamples are the first commands of a description, with what they are for.
func firstExamples(description string) []string {
	var commands, meanings []string
	for line := range strings.Lines(description) {
		if strings.HasPrefix(line, "   arclint ") && len(commands) < examples {
			command, meaning, _ := strings.Cut(strings.TrimSpace(line), "  ")
			commands, meanings = append(commands, command), append(meanings, strings.TrimSpace(meaning))
		}
	}
	return aligned(commands, meanings)
}

// aligned writes meanings beside commands or, where a line has no room for both, below.
func aligned(commands, meanings []string) []string {
	var command, meaning int
	for i := range commands {
		command, meaning = max(command, len(commands[i])), max(meaning, len(meanings[i]))
	}
	var lines []string
	for i := range commands {
		switch {
		case meanings[i] == "":
			lines = append(lines, "   "+commands[i])
		case command+meaning+5 > columnsOf:
			lines = append(lines, "   "+commands[i], "       "+meanings[i])
		default:
			lines = append(lines, fmt.Sprintf("   %-*s  %s", command, commands[i], meanings[i]))
		}
	}
	return lines
}

// flagLines are a flag and its meaning, without a default that says nothing.
func flagLines(flag cli.Flag) []string {
	names, usage, _ := strings.Cut(flag.String(), "\t")
	name, _, _ := strings.Cut(names, " [ ")
	usage = strings.TrimSuffix(usage, " (default: false)")
	lead := fmt.Sprintf("   %-*s", flagColumn-4, name) + " "
	var lines []string
	for i, part := range prose.Wrap(usage, columnsOf-flagColumn) {
		if i > 0 || len(lead) > flagColumn {
			if i == 0 {
				lines = append(lines, strings.TrimRight(lead, " "))
			}
			lead = strings.Repeat(" ", flagColumn)
		}
		lines = append(lines, lead+part)
	}
	return lines
}
