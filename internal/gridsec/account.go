package gridsec

import (
	"strings"

	"arclint/internal/pattern"
	"arclint/internal/source"
)

// accountForm is the form of the account that a list or a pool gives to a
// subject, perhaps with a group behind a colon.
var accountForm = pattern.OnDemand(`^[A-Za-z0-9_.@$%*+-]{0,64}(:[A-Za-z0-9_.@$%*+-]{0,64})?$`)

// hideOdd writes over what stands in the place of an account and is none: the file
// may be a link to a secret, and accounts are shown. The signs stay by which rules
// tell what ARC makes of the line.
func hideOdd(data []byte) {
	text := strings.Trim(string(data), " \t\r*")
	if strings.HasPrefix(text, "#") || accountForm().MatchString(text) {
		return
	}
	start := 0
	for i, c := range data {
		if strings.IndexByte(" \t\r:=/\"#*", c) < 0 {
			continue
		}
		source.Hide(data[start:i])
		start = i + 1
	}
	source.Hide(data[start:])
}
