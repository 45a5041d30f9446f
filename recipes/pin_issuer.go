package recipes

import (
	_ "embed"
	"errors"
	"fmt"
	"hash/crc32"
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
)

var pinIssuer = Recipe{
	ID:     pin,
	Title:  "pin the issuer's keys in the control directory and keep them fresh",
	Where:  func(r site.Release) bool { return r.PinnedIssuers },
	Issuer: true,
	Plan:   planPinIssuer,
}

func planPinIssuer(s *site.Site, p Params) (Plan, error) {
	u, err := parseIssuer(p.Issuer)
	if err != nil {
		return Plan{}, err
	}
	control, err := controlDir(s)
	if err != nil {
		return Plan{}, err
	}
	name, err := pinnedName(s, control, p.Issuer)
	if err != nil {
		return Plan{}, err
	}
	unit := "arclint-issuer-" + issuerID(p.Issuer)
	tool := "/usr/local/sbin/" + unit
	return Plan{
		Meant:    Meant{Issuer: p.Issuer},
		Title:    "pin the keys of " + p.Issuer,
		Why:      "The CE cannot fetch the keys of " + p.Issuer + ", since it does not trust the CA of " + u.Host + ". Pinned keys need no fetch and no CA (arc-behaviour H3): a program fetches them over HTTPS, checked against the CAs of the system, and a timer keeps them fresh.",
		Strategy: pin,
		Restarts: []string{arexWS},
		Require:  []Check{DirExists{control}},
		Actions: []Action{
			FetchIssuer{Issuer: p.Issuer, ControlDir: control, Name: name, CAFile: s.OSFamily.CABundle(), Tool: tool, Keys: p.Keys},
			InstallTimer{
				Unit: unit, Description: "Refresh the pinned keys of a token issuer for ARC", Exec: tool, Every: "1h", Jitter: "10min",
				Network: true, Drops: true, Writes: []string{control}, Limit: "10min",
			},
		},
		Verify: []Check{
			Exactly{path.Join(control, "tokenissuers", name, "issuer"), []byte(p.Issuer)},
			NotEmpty{path.Join(control, "tokenissuers", name, "metadata")},
			NotEmpty{path.Join(control, "tokenissuers", name, "keys")},
		},
		Table: strategies(s.Release, pin),
		Notes: []string{
			"The key fetch of the recipe compares the host name and the CE's own does not (arc-behaviour S10), but the CE still makes its own for tokens with unknown key ids (arc-behaviour S12).",
			"arc-arex-ws restarts when the keys change, and only then: it reads pinned keys at start (arc-behaviour G3).",
			"The file issuer must equal the issuer in the tokens byte for byte (arc-behaviour G2); the program refuses metadata that say otherwise.",
		},
	}, nil
}

// pinnedName is the directory for the issuer: the one that it has already, else
// the name that arcctl would choose (ControlCommon.py crc32_id, which does not
// pad with zeros), so that arcctl and arclint do not pin it twice.
func pinnedName(s *site.Site, control, issuer string) (string, error) {
	var names []string
	for _, p := range s.Pinned {
		if strings.TrimRight(p.Issuer, "\r\n") == issuer {
			names = append(names, path.Base(p.Dir))
		}
	}
	switch len(names) {
	case 0:
		return issuerID(issuer), nil
	case 1:
		return names[0], nil
	}
	return "", fmt.Errorf("%s is pinned in %s, and which one counts is chance (arc-behaviour G3): remove all but one from %s/tokenissuers",
		issuer, strings.Join(names, " and "), control)
}

func issuerID(issuer string) string { return fmt.Sprintf("%x", crc32.ChecksumIEEE([]byte(issuer))) }

// controlDir is [arex] controldir, where that is one absolute path.
func controlDir(s *site.Site) (string, error) {
	values := s.Conf.Values("arex", "controldir", s.Release.Ref)
	if len(values) > 1 {
		return "", errors.New("[arex] controldir is set more than once, and which one counts is not defined (arc-behaviour C7): keep one")
	}
	if len(values) == 1 && values[0].Origin == arcconf.Unresolved {
		return "", fmt.Errorf("[arex] controldir is computed by ARC: %s", values[0].Reason)
	}
	dir := path.Clean(s.ControlDir())
	return dir, checkPath(dir)
}

//go:embed shell/refresh-issuer.py
var refreshIssuerBody string

// refreshIssuerTool is the program that pins keys: what it is about, the part on
// paths that it shares with sync-client-certificates, and itself.
func refreshIssuerTool(a FetchIssuer) []byte {
	var b strings.Builder
	b.WriteString(`#!/usr/bin/python3 -I
"""Fetches the metadata and keys of a token issuer over HTTPS, checked against
the CAs of the system, and pins them for ARC 7. It says what it changes, and is
silent where all is as it should be. What is pinned stays where a fetch fails.

It fetches as nobody, and works below the control directory as its owner: root
looks nothing up in a directory that another user can write.
"""

import base64
import fcntl
import itertools
import json
import os
import pwd
import resource
import select
import signal
import stat
import subprocess
import sys
import time

`)
	for _, v := range [][2]string{
		{"ISSUER", a.Issuer},
		{"METADATA_URL", strings.TrimRight(a.Issuer, "/") + "/.well-known/openid-configuration"},
		{"CONTROLDIR", a.ControlDir},
		{"NAME", a.Name},
		{"CA_FILE", a.CAFile},
	} {
		b.WriteString(v[0] + " = os.fsdecode(" + pythonBytes(v[1]) + ")\n")
	}
	b.WriteString("\n" + pathsPart() + "\n\n" + refreshIssuerBody)
	return []byte(b.String())
}

// pathsPart is the part of the program sync-client-certificates between its two
// lines of dashes: how root goes along a path.
func pathsPart() string {
	_, part, _ := strings.Cut(string(syncProgram), "\n# --- paths")
	_, part, _ = strings.Cut(part, "\n\n")
	part, _, _ = strings.Cut(part, "\n\n# --- end of paths")
	return part
}

// pythonBytes writes a value as a bytes literal of Python.
func pythonBytes(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' || strings.IndexByte(`"'\`, c) >= 0 {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return `b"` + b.String() + `"`
}
