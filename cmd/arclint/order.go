package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts the flags of a command line before its arguments, in their order,
// as the library wants them: `arclint recipe trust-issuer --root ce` is written as
// often as the other order. What follows "--" is an argument, whatever it looks like.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	command := app.Command(args[1])
	if command == nil {
		return args
	}
	var flags, others, rest []string
	for i := 2; i < len(args); i++ {
		switch {
		case args[i] == "--":
			rest, i = args[i:], len(args)
		case !isFlag(args[i]):
			others = append(others, args[i])
		default:
			flags = append(flags, args[i])
			if takesNext(command.Flags, args[i]) && i+1 < len(args) {
				i++
				flags = append(flags, args[i])
			}
		}
	}
	if rest != nil {
		others = append(others, rest[1:]...)
		flags = append(flags, "--")
	}
	return slices.Concat(args[:2], flags, others)
}

func isFlag(arg string) bool { return strings.HasPrefix(arg, "-") && arg != "-" }

// takesNext says whether a flag has its value in the next argument.
func takesNext(flags []cli.Flag, arg string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
	for _, f := range flags {
		if _, bare := f.(*cli.BoolFlag); slices.Contains(f.Names(), name) {
			return !bare
		}
	}
	return false
}
