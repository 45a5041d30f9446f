package site

import "fmt"

// Guesses are what was guessed of the site since its files do not tell it, each with
// what to add to a copy. Of arc.conf alone nothing else is judged, and there are none.
func (s *Site) Guesses() []string {
	var list []string
	if s.ConfOnly {
		return nil
	}
	if s.Release.Origin == "" {
		list = append(list, fmt.Sprintf("ARC %s, the newest that was measured: no file here says which release is installed. "+
			"Add arc/paths_dist.py of the CE's Python packages to the copy, or give --arc-version", s.Release.Measured))
	}
	if s.OSOrigin == "" {
		list = append(list, fmt.Sprintf("%s, for the places of OpenSSL and of the system's CAs: no file here says which system this is. "+
			"Add /etc/os-release and /usr/lib/os-release to the copy, or give --os-family", s.OSFamily.Title()))
	}
	return list
}

// Title is the name of the family in a sentence.
func (f OSFamily) Title() string {
	if f == RHEL {
		return "RHEL"
	}
	return "Debian"
}
