package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/mint"
	"arclint/internal/report/doors"
	"arclint/internal/site"
)

func negtestCommand() *cli.Command {
	return &cli.Command{
		Name:  "negtest",
		Usage: "try requests that should be turned away, and blame the lines that let them in",
		Description: "Makes of each way into this CE requests that are wrong in one thing (expired, for another service,\n" +
			"of a look-alike issuer, without a scope, ...) and says which of them it would let in, with the\n" +
			"request as the proof. What hangs on a plugin, or on keys that the CE cannot fetch now, is unknown,\n" +
			"with what it hangs on. With --ce it asks a running CE of yours for its list of jobs, which changes\n" +
			"nothing, and submits none: with a throw-away issuer, with the key of an issuer that the CE trusts,\n" +
			"or with a token. A CE that refuses the good request too is inconclusive, which is no pass.\n\n" +
			"   arclint negtest --static\n" +
			"   arclint negtest --static --format json --example dune\n" +
			"   arclint negtest --ce https://ce.example.org:443/arex --test-issuer --prepare prepare.sh\n" +
			"   arclint negtest --ce https://ce.example.org:443/arex --issuer-key key.pem --issuer https://issuer.example.org --kid 1\n" +
			"   arclint negtest --ce https://ce.example.org:443/arex --token token.jwt --format junit\n\n" +
			"Exit: 0 nothing is let in that a line of arc.conf could turn away, 1 something is, 2 usage, 3 the site\n" +
			"could not be read, or the CE's answers are inconclusive.",
		Flags: siteFlags(append(liveFlags(),
			formatFlag("text", "json", "junit"),
			&cli.BoolFlag{Name: "static", Usage: "judge from the files alone"},
			&cli.StringFlag{Name: "operation", Value: string(access.JobCreate), Usage: "with --static, `OPERATION` of the job interface: " + strings.Join(admission.Operations(), ", ")},
		)...),
		Action: negtest,
	}
}

func negtest(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	switch {
	case c.IsSet("ce") == c.Bool("static"):
		return usageError("negtest judges from the files with --static, or asks a running CE with --ce URL: want one of them")
	case c.IsSet("ce"):
		return liveNegtest(c)
	}
	for _, name := range liveFlagNames() {
		if c.IsSet(name) {
			return usageError("--%s needs --ce", name)
		}
	}
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	op, ok := admission.ParseOperation(c.String("operation"))
	if !ok {
		return usageError("--operation %q is unknown, want %s", c.String("operation"), strings.Join(admission.Operations(), " or "))
	}
	s, err := openSite(c)
	if err != nil {
		return err
	}
	made, err := madeFor(s)
	if err != nil {
		return err
	}
	result := admission.StaticFor(s, made, op)
	if result.Stopped == "" {
		result.NoStart = noStart(s)
	}
	if format == "json" {
		err = doors.NegativeJSON(c.App.Writer, result)
	} else {
		err = doors.NegativeText(c.App.Writer, s, result)
	}
	switch {
	case err != nil:
		return err
	case result.Unknown != "":
		return exitError{code: exitUnreadable, err: errors.New(result.Unknown)}
	case slices.ContainsFunc(result.Results, admission.Result.Hole):
		return exitError{code: exitFindings}
	}
	return nil
}

func madeFor(s *site.Site) (admission.Made, error) {
	set, err := mint.Make(s.Now)
	if err != nil {
		return admission.Made{}, err
	}
	return admission.Made{Root: set.Root, Chains: set.ByID()}, nil
}
