package arcref

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
