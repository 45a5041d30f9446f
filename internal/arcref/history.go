package arcref

import "strings"

// RemovedIn gives the first known release that does not know a block (option
// empty) or an option any more, although an earlier one did. It is false for
// what the newest release still reads, documented or not, and for what no known
// release ever knew. The option of a removed block is removed with it. block
// may be full, as in Reference.Block.
//
// The release is one of the history: a change between two of them is seen in the
// later one. [arex/jura/archiving] alone is older than the tables: it was
// removed in 6.8.0, as the reference of 6.17.0 says.
func (h History) RemovedIn(block, option string) (version string, ok bool) {
	known := false
	for _, r := range h {
		if r.knows(block, option) {
			known, version = true, ""
		} else if known && version == "" {
			version = r.Version
		}
	}
	if block == "arex/jura/archiving" && !known {
		return "6.8.0", true
	}
	return version, version != ""
}

// AddedIn gives the first known release that knows a block (option empty) or an
// option. It is false for what the oldest known release has already, because
// nothing is known of the time before, and for what no known release has.
func (h History) AddedIn(block, option string) (version string, ok bool) {
	for i, r := range h {
		if r.knows(block, option) {
			return r.Version, i > 0
		}
	}
	return "", false
}

func (r *Reference) knows(block, option string) bool {
	b := r.Block(block)
	return b != nil && (option == "" || b.Option(option) != nil)
}

// Renamed is what an option or a block of ARC 5 is called since.
type Renamed struct {
	Block, Option string
	Since         string // the release that renamed it, "6" for the oldest that is known
}

// Formerly lists the options whose name was once this one, as a reference says
// with "previously": those of the named block first, then those of others in
// ARC's order. block may be full, as in Reference.Block.
func (h History) Formerly(block, name string) []Renamed {
	kind := kindOf(block)
	var own, others []Renamed
	for i, r := range h {
		for _, b := range r.Blocks {
			for _, o := range b.Options {
				if o.Was != name {
					continue
				}
				found := Renamed{Block: b.Name, Option: o.Name, Since: r.since(i)}
				if b.Name == kind {
					own = append(own, found)
				} else {
					others = append(others, found)
				}
			}
		}
	}
	return append(own, others...)
}

// FormerlyBlock gives the kind of block that was once called so. name may be
// full, as in Reference.Block.
func (h History) FormerlyBlock(name string) (Renamed, bool) {
	for i, r := range h {
		for _, b := range r.Blocks {
			if b.Was != "" && b.Was == kindOf(name) {
				return Renamed{Block: b.Name, Since: r.since(i)}, true
			}
		}
	}
	return Renamed{}, false
}

// since names the release of the history in which something is seen first.
func (r *Reference) since(place int) string {
	if place == 0 {
		major, _, _ := strings.Cut(r.Version, ".")
		return major
	}
	return r.Version
}

func kindOf(block string) string {
	kind, _, _ := strings.Cut(block, ":")
	return strings.TrimSpace(kind)
}
