package main

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/release"
	"arclint/lint/catalog"
	"arclint/recipes"
)

var (
	//go:embed completion/arclint.bash
	bashCompletion string
	//go:embed completion/arclint.zsh
	zshCompletion string
	//go:embed completion/arclint.fish
	fishCompletion string
)

var shells = []string{"bash", "zsh", "fish"}

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what lets a shell complete commands, flags, rules and recipes",
		ArgsUsage: "bash | zsh | fish",
		Description: "   arclint completion bash > /etc/bash_completion.d/arclint\n" +
			"   arclint completion zsh > /usr/local/share/zsh/site-functions/_arclint\n" +
			"   arclint completion fish > ~/.config/fish/completions/arclint.fish",
		Action: func(c *cli.Context) error {
			scripts := []string{bashCompletion, zshCompletion, fishCompletion}
			at := slices.Index(shells, c.Args().First())
			if c.NArg() != 1 || at < 0 {
				return usageError("completion takes the name of a shell: %s", strings.Join(shells, ", "))
			}
			_, err := io.WriteString(c.App.Writer, scripts[at])
			return err
		},
	}
}

// completeCommand is what the scripts of completion ask: the words of the command
// line, of which the last is to be completed.
func completeCommand() *cli.Command {
	return &cli.Command{
		Name:   "complete",
		Hidden: true,
		Action: func(c *cli.Context) error {
			for _, word := range candidates(c.App, c.Args().Slice()) {
				if _, err := fmt.Fprintln(c.App.Writer, word); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// candidates are what the last of the words, those behind the program's name, may
// become; none where it may be a file or anything.
func candidates(app *cli.App, words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == "=" }) // bash parts --format=json
	if len(words) == 0 {
		return nil
	}
	typed := words[len(words)-1]
	var all []string
	if len(words) == 1 {
		all = commandNames(app)
	} else if command := app.Command(words[0]); command != nil {
		if before := words[len(words)-2]; command.Name == "recipe" && strings.TrimLeft(before, "-") == "set" {
			all = answersTo(words[1 : len(words)-2])
		} else {
			all = ofCommand(app, command, before, typed)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(all, func(word string) bool { return !strings.HasPrefix(word, typed) })
}

func ofCommand(app *cli.App, command *cli.Command, before, typed string) []string {
	switch {
	case isFlag(before) && takesNext(command.Flags, before):
		return valuesFor(app, command, strings.TrimLeft(before, "-"))
	case strings.HasPrefix(typed, "-"):
		var flags []string
		for _, f := range command.Flags {
			flags = append(flags, "--"+f.Names()[0])
		}
		return flags
	}
	switch command.Name {
	case "help":
		return commandNames(app)
	case "completion":
		return slices.Clone(shells)
	case "explain":
		return ruleIDs()
	case "recipe":
		var names []string
		for _, r := range recipes.All() {
			names = append(names, r.ID)
		}
		return append(names, ruleIDs()...)
	}
	return nil
}

// answersTo are what --set may name: of the recipe that stands among the words, or of the
// recipes of a rule that does; else of all.
func answersTo(words []string) []string {
	named := slices.Clone(words)
	for _, rule := range catalog.All() {
		if slices.Contains(words, rule.ID) {
			named = append(named, rule.Recipe)
		}
	}
	var of, all []string
	for _, r := range recipes.All() {
		for _, key := range r.Keys {
			all = append(all, key+"=")
			if slices.Contains(named, r.ID) {
				of = append(of, key+"=")
			}
		}
	}
	if of == nil {
		of = all
	}
	slices.Sort(of)
	return slices.Compact(of)
}

func ruleIDs() []string {
	var ids []string
	for _, rule := range catalog.All() {
		ids = append(ids, rule.ID)
	}
	return ids
}

// valuesFor are the values of a flag, as its help lists them behind a colon.
func valuesFor(app *cli.App, command *cli.Command, name string) []string {
	switch name {
	case "arc-version":
		known, _ := app.Metadata[knownKey].(release.Table)
		return known.Versions()
	case "os-family":
		return []string{"debian", "rhel"}
	case "only", "except":
		return ruleIDs()
	}
	if !slices.Contains([]string{"format", "target", "example", "strategy", "color", "severity", "fail-on", "operation"}, name) {
		return nil
	}
	for _, f := range command.Flags {
		if text, ok := f.(*cli.StringFlag); ok && text.Name == name {
			_, list, _ := strings.Cut(text.Usage, ": ")
			list, _, _ = strings.Cut(list, " (")
			list, _, _ = strings.Cut(list, ";")
			return strings.Split(list, ", ")
		}
	}
	return nil
}
