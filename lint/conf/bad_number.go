package conf

import (
	"strconv"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/lint"
)

var badNumber = &lint.Rule{
	ID:    "conf/bad-number",
	Title: "A value is not the number that ARC expects",
	Why: "arc.conf has few units: times are seconds, memory is megabytes, sizes are bytes, and only cachelifetime takes a letter behind the number. " +
		"ARC cuts a word such as 3d or 2GB off, reads it as 0 or publishes it unchanged, and the accounting stops at it.",
	Source:   "arc.conf.reference; src/utils/python/arc/control/AccountingPublishing.py; src/services/a-rex/grid-manager/conf/CoreConfig.cpp; cache-clean",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write a plain number: seconds for times, megabytes for memory, a port from 1 to
65535. Write the smaller number for the least and the larger one for the most.

    [queue:grid]
    minwalltime=60
    maxwalltime=259200
    defaultmemory=2000

Write five numbers for maxjobs, with -1 where there is no limit:

    [arex]
    maxjobs=10000 -1 2000 -1 -1

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			number, ok := numberOf(b.Kind, o.Name.Text)
			if !ok || isRuleLine(o) || b.ref.Option(o.Name.Text) == nil || hasOtherFault(b.Kind, o) || number.fits(o.Value.Text) {
				continue
			}
			r.At(o.Value.Span, "%s is %q, and must be %s", o.Name.Text, o.Value.Text, number.form).
				Means("%s", number.effect).Do("Write %s.", number.form).As(number.severity).About(b.Name + " " + o.Name.Text + " " + o.Value.Text)
		}
		for _, b := range s.Conf.Blocks {
			checkOrder(r, b, "mincputime", "maxcputime", noJobFits)
			checkOrder(r, b, "minwalltime", "maxwalltime", noJobFits)
		}
		checkOrder(r, s.Conf.Block("infosys/ldap"), "timelimit", "idletimeout", "By arc.conf.reference, idletimeout must be the larger one.")
		checkSixth(s, r)
	},
}

const noJobFits = "No job is within both limits."

// number is what an option must be, and what becomes of anything else.
type number struct {
	fits         func(string) bool
	form, effect string
	severity     lint.Severity
}

// numberOf knows the options that are numbers and at which A-REX does not give
// up; rejected-value has the others.
func numberOf(kind, option string) (number, bool) {
	const published = "ARC publishes this text unchanged."
	switch kind + " " + option {
	case "infosys/ldap port", "datadelivery-service port", "gridftpd port", "acix-scanner port":
		return number{isPort, "a port from 1 to 65535", "The service opens no port.", lint.Error}, true
	case "lrms boinc_db_port", "lrms sge_qmaster_port", "lrms sge_execd_port":
		return number{isPort, "a port from 1 to 65535", "The scripts of the batch system do not reach the server of this port.", lint.Warning}, true
	case "arex/data-staging globus_tcp_port_range", "arex/data-staging globus_udp_port_range", "gridftpd globus_tcp_port_range", "gridftpd globus_udp_port_range":
		return number{isPortRange, "two ports with a comma, the lower first", "ARC does not use the range.", lint.Warning}, true
	case "arex/jura/sgas urbatchsize", "arex/jura/apel urbatchsize", "arex/jura/sgas urdelivery_frequency", "arex/jura/apel urdelivery_frequency":
		return number{isCount, "a number", "The accounting stops at this value and reports nothing.", lint.Error}, true
	case "arex/cache/cleaner cachelifetime":
		return number{age().MatchString, "a number, alone or with s, m, h or d", "The program cache-clean ends with an error and removes nothing.", lint.Warning}, true
	case "lrms defaultmemory", "queue defaultmemory":
		return number{isCount, "a number of megabytes", "The batch system gets this text unchanged, with each job that asks for no memory.", lint.Warning}, true
	case "queue nodememory", "infosys/cluster nodememory":
		return number{isCount, "a number of megabytes", published, lint.Warning}, true
	case "queue totalcpus", "queue maxslotsperjob":
		return number{isCount, "a number", published, lint.Warning}, true
	case "queue maxcputime", "queue mincputime", "queue maxwalltime", "queue minwalltime",
		"infosys/cluster maxcputime", "infosys/cluster mincputime", "infosys/cluster maxwalltime", "infosys/cluster minwalltime",
		"infosys validity_ttl":
		return number{isCount, "a number of seconds", published, lint.Warning}, true
	case "arex infoproviders_timelimit", "infosys/ldap timelimit", "infosys/ldap idletimeout", "arex/ganglia frequency", "lrms slurm_wakeupperiod", "lrms/ssh ssh_timeout":
		return number{isCount, "a number of seconds", "The time is not the one that is meant.", lint.Warning}, true
	case "infosys/ldap threads", "lrms slurm_query_retries", "gridftpd maxconnections", "gridftpd defaultbuffer", "gridftpd maxbuffer":
		return number{isCount, "a number", "The setting is not the one that is meant.", lint.Warning}, true
	case "arex/ws max_job_control_requests", "arex/ws max_infosys_requests", "arex/ws max_data_transfer_requests":
		return number{isNumber, "a number", "The limit is not the one that is meant.", lint.Warning}, true
	}
	return number{}, false
}

func isCount(text string) bool {
	_, err := strconv.ParseUint(text, 10, 63)
	return err == nil
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}

func isPortRange(text string) bool {
	ports := strings.Fields(strings.Replace(text, ",", " ", 1))
	return len(ports) == 2 && isPort(ports[0]) && isPort(ports[1]) && count(ports[0]) <= count(ports[1])
}

// age is what cache-clean reads as a time.
var age = pattern.OnDemand(`^[0-9]+[smhd]?$`)

// count is the number in a text that isCount accepts, else 0.
func count(text string) uint64 {
	n, _ := strconv.ParseUint(text, 10, 63)
	return n
}

// checkOrder: the least may not be over the most.
func checkOrder(r *lint.Reporter, b *arcconf.Block, least, most, effect string) {
	low, high := b.First(least), b.First(most)
	if low == nil || high == nil || !isCount(low.Value.Text) || !isCount(high.Value.Text) || count(low.Value.Text) <= count(high.Value.Text) {
		return
	}
	r.At(low.Value.Span, "%s is %s, and %s only %s", least, low.Value.Text, most, high.Value.Text).
		Means("%s", effect).Do("Write the smaller number in %s and the larger one in %s.", least, most).
		About(b.Name+" "+least).Relate(high.Value.Span, "set here")
}

// checkSixth: A-REX does not look at what follows the fifth number.
func checkSixth(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("arex").First("maxjobs")
	if o == nil || spokenOfElsewhere("arex", o) {
		return
	}
	if n := len(strings.Fields(o.Value.Text)); n > 5 && areNumbers(o.Value.Text, 5) && !hasOtherFault("arex", o) {
		r.At(o.Value.Span, "maxjobs needs five numbers, and has %d", n).As(lint.Note).About("arex maxjobs").
			Means("A-REX ignores what follows the fifth, and `arcctl config verify` reports an error.").
			Do("Remove what follows the fifth number.")
	}
}
