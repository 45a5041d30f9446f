package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/report"
	"arclint/internal/trust"
)

func trustCommand() *cli.Command {
	return &cli.Command{
		Name:  "trust",
		Usage: "show which token issuers this CE trusts, who could pose as them, and who accepts this CE",
		Description: "For every issuer that arc.conf or controldir/tokenissuers names: where its chain is known\n" +
			"from, whether the CE can fetch its keys, the trust anchor, whether a client certificate of the\n" +
			"same CA can log in, and whose certificates would let their holder pose as the issuer. For every\n" +
			"VO in vomsdir: whose signature makes somebody a member.\n" +
			"With --host: which clients accept the certificate of this CE, by their CAs and by its names.\n\n" +
			"   arclint trust\n" +
			"   arclint trust --evidence ./evidence --trace\n" +
			"   arclint trust --format json --example dune\n" +
			"   arclint trust --host\n\n" +
			"Exit: 0, 2 usage, 3 the site could not be read.",
		Flags: siteFlags(
			formatFlag("text", "json"),
			&cli.BoolFlag{Name: "host", Usage: "show who accepts the host certificate of this CE, in place of the issuers"},
			&cli.BoolFlag{Name: "trace", Usage: "show each step of the reasoning"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			format, err := formatOf(c, "text", "json")
			if err != nil {
				return err
			}
			if c.Bool("host") {
				return trustHost(c, format)
			}
			s, err := openSite(c)
			if err != nil {
				return err
			}
			issuers := trust.Issuers(s)
			if format == "json" {
				return report.TrustJSON(c.App.Writer, issuers, trust.VOs(s))
			}
			return text(c).Trust(issuers, trust.VOs(s), c.Bool("trace"))
		},
	}
}

// trustHost answers for the host certificate. A client with the CAs of the system
// is asked too, so that they are read.
func trustHost(c *cli.Context, format string) error {
	o, err := openRoot(c)
	if err != nil {
		return err
	}
	o.confine(c)
	s, err := o.load()
	if err != nil {
		return err
	}
	r := trust.HostReportOf(s)
	if format == "json" {
		return report.HostJSON(c.App.Writer, r)
	}
	return text(c).Host(r, c.Bool("trace"))
}
