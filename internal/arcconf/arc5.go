package arcconf

import (
	"slices"
	"strings"
)

// ARC5 gives the headers that only ARC 5 and older read, such as
// [grid-manager] and [queue/grid], of a document that is one of ARC 5: it has
// no block in which ARC 6 and later look for the same. It is nil for any other
// (the reference of ARC 6.17 says "previously" where it renamed a block).
func (d *Document) ARC5() []Word {
	var old []Word
	for _, sec := range d.Sections {
		name := strings.TrimSpace(sec.Name)
		if slices.Contains(successors, name) {
			return nil
		}
		if slices.Contains(blocks5, name) || strings.HasPrefix(name, "queue/") || strings.HasPrefix(name, "group/") {
			old = append(old, sec.Header)
		}
	}
	return old
}

// blocks5 are blocks of ARC 5 alone. [group] and [vo] come with others of them.
var blocks5 = []string{"grid-manager", "cluster", "data-staging", "gangliarc", "janitor", "infosys/glue12"}

// successors are blocks without which no service of ARC 6 or later starts.
var successors = []string{"arex", "lrms", "mapping", "datadelivery-service"}
