package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

// outcome is what becomes of a fault.
type outcome struct {
	severity lint.Severity
	effect   string // what happens, in sentences
	stops    bool   // the service does not start
}

// on gives the finding what the outcome says.
func (o outcome) on(f *lint.Finding) *lint.Finding {
	return f.Means("%s", o.effect).As(o.severity).Stopping(o.stops)
}

// The effects of what keeps a service from starting, as sentences.
const (
	doesNotStart  = "The service does not start."
	doesNotStart6 = "ARC 6 does not start."
)

// stopping is the outcome of what keeps a service from starting.
func stopping(effect string) outcome { return outcome{lint.Error, effect, true} }

// orStops6 is the outcome of a fault at which ARC 6.17 does not start, while ARC 7
// starts, with this effect.
func orStops6(s *site.Site, severity lint.Severity, in7 string) outcome {
	if s.Release.StrictStart {
		return stopping(doesNotStart6)
	}
	return outcome{severity, in7, false}
}

// unread is the outcome of a value that A-REX cannot read. The data staging is read
// by the part of A-REX that moves jobs on, and not by the others (JobsList.cpp).
func unread(kind string) outcome {
	if kind == "arex/data-staging" {
		return outcome{lint.Error, "A-REX processes no jobs.", false}
	}
	return stopping(doesNotStart)
}

// breaksTLS says whether the option names the host certificate or its key: with a value
// that names no file the CE ends every TLS connection (arc-behaviour C7).
func breaksTLS(kind, option string) bool {
	return kind == "common" && (option == "x509_host_cert" || option == "x509_host_key")
}
