package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/jose"
	"arclint/internal/report/doors"
)

func whoamiCommand() *cli.Command {
	return &cli.Command{
		Name:  "whoami",
		Usage: "ask what this CE would do with a client: allow or deny, and as which account",
		Description: "Goes through the authgroups, [mapping] and the access list as a CE of this release does, and shows\n" +
			"every rule that was looked at. A token is never shown, and no connection is made: its signature is\n" +
			"checked where the keys are pinned at the site, or stand in the evidence as <host>.jwks.json (what\n" +
			"the issuer's jwks_uri serves). The VOMS attributes of a proxy are verified as the CE does it:\n" +
			"by vomsdir, their CA and their times. Those of --fqan are taken as given, if vomsdir knows the VO.\n\n" +
			"   arclint whoami --token ./token.jwt\n" +
			"   arclint whoami --claims claims.json --operation jobinfo\n" +
			"   arclint whoami --subject \"/DC=org/DC=example/CN=Jane Doe\" --fqan /dune/Role=pilot\n" +
			"   arclint whoami --cert user-chain.pem --format json\n" +
			"   arclint whoami --anonymous\n\n" +
			"Exit: 0 allowed, 1 denied, 2 usage, 3 the site, the token or the chain could not be read.",
		Flags: siteFlags(
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "token", Usage: "`FILE` with a signed token, - for standard input"},
			&cli.StringFlag{Name: "claims", Usage: "`FILE` with the claims of a token as JSON, taken for genuine, - for standard input"},
			&cli.StringFlag{Name: "cert", Usage: "`FILE` with the chain of a client certificate or proxy in PEM, as it is sent"},
			&cli.BoolFlag{Name: "anonymous", Usage: "a client that shows neither a certificate nor a token"},
			&cli.StringFlag{Name: "subject", Usage: "`DN` of a certificate that is taken for trusted, as openssl prints it in one line"},
			&cli.StringSliceFlag{Name: "fqan", Usage: "VOMS attribute `FQAN` of the certificate, with its VO before it where that is not the first group (dune:/atlas/Role=pilot); more than once for several"},
			&cli.StringFlag{Name: "operation", Value: string(access.JobCreate), Usage: "`OPERATION` of the job interface: " + strings.Join(admission.Operations(), ", ")},
		),
		Action: whoami,
	}
}

func whoami(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	op, ok := admission.ParseOperation(c.String("operation"))
	if !ok {
		return usageError("--operation %q is unknown, want %s", c.String("operation"), strings.Join(admission.Operations(), " or "))
	}
	person, err := personOf(c)
	if err != nil {
		return err
	}
	s, err := openSite(c)
	if err != nil {
		return err
	}
	answer := admission.Ask(s, person, op)
	answer.NoStart = noStart(s)
	if format == "json" {
		err = doors.WhoamiJSON(c.App.Writer, answer)
	} else {
		err = doors.WhoamiText(c.App.Writer, answer)
	}
	if err == nil && (!answer.Allowed || answer.Unknown != "" || answer.NoStart != nil) {
		return exitError{code: exitFindings}
	}
	return err
}

// personOf reads what the client shows.
func personOf(c *cli.Context) (admission.Person, error) {
	shows := slices.ContainsFunc([]string{"token", "claims", "cert", "subject"}, c.IsSet)
	switch {
	case c.Bool("anonymous") && (shows || c.IsSet("fqan")):
		return admission.Person{}, usageError("--anonymous is a client that shows nothing: leave out --token, --claims, --cert, --subject and --fqan")
	case c.Bool("anonymous"):
		return admission.Person{}, nil
	case c.IsSet("token") && c.IsSet("claims"):
		return admission.Person{}, usageError("--token and --claims exclude each other")
	case c.IsSet("cert") && c.IsSet("subject"):
		return admission.Person{}, usageError("--cert and --subject exclude each other")
	case !shows:
		return admission.Person{}, usageError("whoami needs a client: --token, --claims, --cert, --subject or --anonymous")
	case c.IsSet("fqan") && !c.IsSet("cert") && !c.IsSet("subject"):
		return admission.Person{}, usageError("--fqan needs --cert or --subject: VOMS attributes belong to a certificate")
	}
	for _, fqan := range c.StringSlice("fqan") {
		if vo, group, ok := strings.Cut(fqan, ":"); fqan == "" || ok && (vo == "" || !strings.HasPrefix(group, "/")) || !ok && !strings.HasPrefix(fqan, "/") {
			return admission.Person{}, usageError("--fqan %q is no VOMS attribute, such as /dune/Role=pilot, or dune:/atlas/Role=pilot with its VO before it", fqan)
		}
	}
	person, err := tokenOf(c)
	if err != nil {
		return admission.Person{}, err
	}
	person.Subject, person.FQANs = c.String("subject"), c.StringSlice("fqan")
	if name := c.String("cert"); name != "" {
		if person.Chain, err = readChain(name); err != nil {
			return admission.Person{}, exitError{code: exitUnreadable, err: fmt.Errorf("--cert %s: %w", name, reason(err))}
		}
	}
	return person, nil
}

func tokenOf(c *cli.Context) (admission.Person, error) {
	flag, name := "--token", c.String("token")
	if name == "" {
		flag, name = "--claims", c.String("claims")
	}
	if name == "" {
		return admission.Person{}, nil
	}
	data, err := readSmall(c, name)
	var person admission.Person
	if err == nil {
		if flag == "--token" {
			person, err = admission.ReadToken(string(data))
		} else {
			person.Claims, err = access.ParseClaims(data)
		}
	}
	if err != nil {
		return admission.Person{}, exitError{code: exitUnreadable, err: fmt.Errorf("%s %s: %w", flag, name, reason(err))}
	}
	return person, nil
}

// readSmall reads a file of this machine, or standard input, up to the size of
// the largest token.
func readSmall(c *cli.Context, name string) ([]byte, error) {
	in := c.App.Reader
	if name != "-" {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, errors.New("is a directory, want a file")
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, jose.MaxToken+1))
	if err == nil && len(data) > jose.MaxToken {
		err = fmt.Errorf("has more than %d bytes", jose.MaxToken)
	}
	return data, err
}
