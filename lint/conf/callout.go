package conf

import (
	"slices"
	"strconv"
	"strings"
)

// The states at which A-REX calls a program, by the names that it gives them
// (GMJob.cpp), the results that it looks at and what it may then do
// (ContinuationPlugins.cpp).
var (
	calloutStates  = []string{"ACCEPTED", "PREPARING", "SUBMIT", "INLRMS", "FINISHING", "FINISHED", "DELETED"}
	calloutResults = []string{"onsuccess", "onfailure", "ontimeout"}
	calloutActions = []string{"pass", "fail", "log"}
)

// isCallout says whether A-REX can read a statecallout: a state, options with
// commas between them, and behind them a command.
func isCallout(value string) bool {
	state, rest := nextWord(value)
	options, _ := nextWord(rest)
	if !slices.Contains(calloutStates, state) || options == "" {
		return false
	}
	for option := range strings.SplitSeq(options, ",") {
		if !isCalloutOption(option) {
			return false
		}
	}
	return true
}

func isCalloutOption(option string) bool {
	name, value, found := strings.Cut(strings.ToLower(option), "=")
	if !found && name != "timeout" {
		name, value = "timeout", name
	}
	if name == "timeout" {
		_, err := strconv.ParseUint(value, 0, 64)
		return err == nil || value == ""
	}
	return slices.Contains(calloutResults, name) && slices.Contains(calloutActions, value)
}
