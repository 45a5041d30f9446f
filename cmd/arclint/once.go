package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// givenOnce refuses a flag of one value that is given again with another one:
// the command line would silently take the last.
func givenOnce(c *cli.Context) error {
	single := map[string]bool{}
	for _, f := range c.Command.Flags {
		if takesOne(f) {
			single[f.Names()[0]] = true
		}
	}
	was := map[string]string{}
	for _, given := range valuesOf(c.Lineage()[1].Args().Tail(), c.Command.Flags) {
		name, value := given[0], given[1]
		if earlier, again := was[name]; again && single[name] && earlier != value {
			return usageError("--%s is given twice, as %q and as %q, and takes one value: give it once", name, earlier, value)
		}
		was[name] = value
	}
	return nil
}

func takesOne(f cli.Flag) bool {
	switch f.(type) {
	case *cli.StringFlag, *cli.DurationFlag, *cli.Float64Flag:
		return true
	}
	return false
}

// valuesOf lists the flags of a command line with their values, as package flag
// reads them: --name=value or --name value, with one dash or two, up to the
// first argument.
func valuesOf(args []string, flags []cli.Flag) [][2]string {
	var found [][2]string
	for i := 0; i < len(args); i++ {
		text := strings.TrimPrefix(strings.TrimPrefix(args[i], "-"), "-")
		if text == args[i] || text == "" {
			break
		}
		name, value, joined := strings.Cut(text, "=")
		if !joined && takesNext(flags, args[i]) && i+1 < len(args) {
			i++
			value = args[i]
		}
		found = append(found, [2]string{name, value})
	}
	return found
}

// alone refuses flags beside one that makes the command do something else.
func alone(c *cli.Context, flag string) error {
	for _, name := range c.LocalFlagNames() {
		if name != flag {
			return usageError("--%s is of no use with --%s: leave one of them out", name, flag)
		}
	}
	if c.NArg() > 0 {
		return usageError("--%s takes no arguments, got %q", flag, c.Args().First())
	}
	return nil
}

// needs refuses a flag that only counts beside another.
func needs(c *cli.Context, flag string, others ...string) error {
	if !c.IsSet(flag) {
		return nil
	}
	for _, other := range others {
		if c.IsSet(other) {
			return nil
		}
	}
	return usageError("--%s has a meaning only with --%s", flag, strings.Join(others, " or --"))
}
