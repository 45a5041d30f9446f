package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeBatchSystem = &lint.Rule{
	ID:    "conf/upgrade-batch-system",
	Title: "The release of --target supports the batch system of the site less",
	Why: "The reference of ARC 7.2.0 dropped the 18 options of SGE, LSF, LoadLeveler and BOINC, whose code is still there and still reads them. " +
		"`arcctl config verify` counts an error for each. Their defaults are no longer filled in, so an option that is not written is unset. " +
		"In ARC 7 the scripts of SGE, LSF and LoadLeveler are a package of their own.",
	Source:   "arc-checks b3 and Upgrade diff; arc.conf.reference of 7.0.0 and 7.2.0 compared",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `For sge, lsf and ll, install the scripts with the upgrade, with the tool of the
system:

    apt-get install nordugrid-arc-arex-lrms-contrib
    dnf install nordugrid-arc-arex-lrms-contrib

Write the defaults that the finding names into [lrms], such as these for SGE:

    [lrms]
    lrms=sge
    sge_root=/gridware/sge
    sge_cell=default

Expect that verify of ARC 7.2.0 counts an error for each of these lines. See
what is left:

    arclint check --target 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		b := s.Conf.Block("lrms")
		o := b.First("lrms")
		if o == nil {
			return
		}
		name, _ := nextWord(o.Value.Text)
		at := o.Value.Sub(0, len(name)).Span
		if contributed(name) && s.Target.Release.ContribScripts && !s.Release.ContribScripts {
			r.At(at, "the scripts of lrms=%s are in another package of ARC 7", name).About("contrib").
				Means("Without these scripts no job can be submitted.").
				Do("Install nordugrid-arc-arex-lrms-contrib with the upgrade.")
		}
		written, unset := lostOptions(s, b, name)
		if len(written) > 0 {
			r.At(at, "the reference of ARC %s no longer lists %s of %s", s.Target.Release.Version, prose.Plural(len(written), "option"), name).
				Means("The scripts of %s still read them. `arcctl config verify` counts an error for each.", name).
				Do("Keep the lines, and expect %s of verify.", prose.Plural(len(written), "error")).
				Lists(written).As(lint.Note).About("unlisted")
		}
		if len(unset) > 0 {
			r.At(at, "ARC %s has no default for %s of %s", s.Target.Release.Version, prose.Plural(len(unset), "option"), name).
				Means("The scripts of %s find no value there.", name).Do("Write the values that the site needs into [lrms].").
				Lists(unset).About("defaults")
		}
	},
}

// lostOptions are the options of a batch system that the target reads and does
// not list: those that are written, and the defaults of those that are not.
func lostOptions(s *site.Site, b *arcconf.Block, name string) (written, unset []string) {
	if name == "" {
		return nil, nil
	}
	was, will := s.Release.Ref.Block("lrms"), s.Target.Release.Ref.Block("lrms")
	for _, o := range was.Options {
		if !strings.HasPrefix(o.Name, name+"_") || o.Unlisted || !unlisted(will, o.Name) {
			continue
		}
		if b.First(o.Name) != nil {
			written = append(written, o.Name)
		} else if o.HasDefault {
			unset = append(unset, o.Name+"="+o.Default)
		}
	}
	return written, unset
}

func unlisted(b *arcref.Block, option string) bool {
	o := b.Option(option)
	return o != nil && o.Unlisted
}
