package access

import (
	"slices"
	"strings"
	"testing"
)

// vomsGroups are the authgroups of group V: a line each, but for those that show what
// stands below a failing one.
const vomsGroups = `
any: voms=* * * *
vo: voms=dune * * *
VO: voms=DUNE * * *
root: voms=dune /dune * *
rootns: voms=dune dune * *
pro: voms=dune /dune/pro * *
prons: voms=dune pro * *
proshort: voms=dune /pro * *
role: voms=dune * production *
Roleeq: voms=dune * Role=production *
roleNULL: voms=dune * NULL *
ROLE: voms=dune * Production *
capNULL: voms=dune * * NULL
cap: voms=dune * * admin
full: voms=dune /dune/pro production *
fullroot: voms=dune /dune production *
fqan: voms=dune /dune/pro/Role=production * *
slashvo: voms=/dune * * *
three: voms=dune * *
threethen: voms=dune * *; subject=` + subject + `
five: voms=dune * * * *
comment: voms=dune * * * # c
glob: voms=dune /dune/* * *
globvo: voms=du* * * *
quoted: voms="dune" * * *
not: !voms=dune * * *
minus: -voms=dune * production *; voms=dune * * *
thenvoms: voms=dune * * *
atlas: voms=atlas * * *
atlasgrp: voms=* /atlas * *
dn: subject=` + subject + `
all: all=yes
slash: voms=dune / * *
trail: voms=dune /dune/ * *
caps: voms=dune /Dune * *`

// TestMeasuredVOMS asks of each measured attribute in which groups it is (arc-behaviour
// V6, V7).
func TestMeasuredVOMS(t *testing.T) {
	rows := measurements(t, "V")
	if len(rows) < 75 {
		t.Fatalf("%d rows", len(rows))
	}
	conf := "[common]\n[authtokens]\n"
	for line := range strings.Lines(strings.TrimSpace(vomsGroups)) {
		name, rules, _ := strings.Cut(strings.TrimSpace(line), ": ")
		conf += "[authgroup:" + name + "]\n" + strings.ReplaceAll(rules, "; ", "\n") + "\n"
	}
	conf += "[mapping]\nmap_to_user=all nobody\n[arex/ws]\nwsurl=https://ce.example.org/arex\n[arex/ws/jobs]\nallowaccess=all\n"
	for _, m := range rows {
		vo, list, _ := strings.Cut(strings.TrimPrefix(m.scenario, "VO "), ", FQANs ")
		id := Identity{Subject: subject}
		if vo == "cms" {
			list = "" // it has no .lsc file: its attributes are dropped (arc-behaviour V1)
		}
		for _, fqan := range strings.Fields(strings.ReplaceAll(list, "pro team", "pro_team")) {
			id.FQANs = append(id.FQANs, vo+":/"+strings.TrimPrefix(strings.ReplaceAll(fqan, "pro_team", "pro team"), "/"))
		}
		p := Model(load(t, m.release, conf, nil))
		for how, d := range map[string]Decision{"": p.Evaluate(id, JobInfo), "quick: ": p.Decide(id, JobInfo)} {
			got, want := slices.Sorted(slices.Values(d.Groups)), slices.Sorted(slices.Values(m.groups))
			if !slices.Equal(got, want) {
				t.Errorf("%s%s, %s: groups %v, measured %v", how, m.scenario, m.release, got, want)
			}
		}
	}
}
