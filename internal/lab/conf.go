//go:build lab

package lab

import (
	"errors"
	"fmt"
	"strings"
)

// Conf is what differs between the configurations of the lab.
type Conf struct {
	Common, WS []string // lines of [common] and of [arex/ws]
	ConfD      []string // lines of [common] in a file of arc.conf.d; nil: there is none
	Issuer     string   // that the authgroup names; "": every issuer
	Rules      []string // of the authgroup in place of the one on tokens
}

// Configure writes arc.conf and arc.conf.d.
func (c *CE) Configure(conf Conf) error {
	const confd = "/etc/arc.conf.d/site.conf"
	err := errors.Join(c.Write("/etc/arc.conf", c.Conf(conf), 0o644), c.Remove(confd))
	if conf.ConfD != nil {
		err = errors.Join(err, c.Write(confd, "[common]\n"+strings.Join(conf.ConfD, "\n")+"\n", 0o644))
	}
	return err
}

// Conf is the arc.conf of the CE: whoever is in the one authgroup is nobody. A
// user who is trusted and in no group is neither mapped nor let in.
func (c *CE) Conf(conf Conf) string {
	issuer := conf.Issuer
	if issuer == "" {
		issuer = "*"
	}
	rules := conf.Rules
	if rules == nil {
		rules = []string{fmt.Sprintf("authtokens=* %s * * *", issuer)}
	}
	var b strings.Builder
	block := func(name string, lines ...string) {
		fmt.Fprintf(&b, "[%s]\n", name)
		for _, line := range lines {
			fmt.Fprintln(&b, line)
		}
		fmt.Fprintln(&b)
	}
	block("common", append([]string{"hostname=ce.example.org"}, conf.Common...)...)
	if c.Does.TokensNeedBlock {
		block("authtokens") // without it tokens do not count (arc-behaviour B9)
	}
	block("authgroup:users", rules...)
	block("mapping", "map_to_user=users nobody:nogroup")
	block("lrms", "lrms=fork")
	block("arex", "controldir=/var/spool/arc/jobstatus", "sessiondir=/var/spool/arc/sessiondir", "loglevel=5")
	block("arex/ws", append([]string{fmt.Sprintf("wsurl=https://ce.example.org:%d/arex", c.Port)}, conf.WS...)...)
	block("arex/ws/jobs", "allowaccess=users")
	block("infosys")
	block("infosys/glue2")
	block("infosys/cluster")
	block("queue:fork")
	return b.String()
}
