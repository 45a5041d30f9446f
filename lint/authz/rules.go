// Package authz holds the rules on who gets in: authgroups, access lists, mappings.
package authz

import "arclint/lint"

// Rules are the rules of this area.
var Rules = []*lint.Rule{}
