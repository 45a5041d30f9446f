package authgroup

import (
	"slices"

	"arclint/internal/arcconf"
)

// Files are those of the user lists that the rule names: the outfile of
// [userlist:name], which only 6.x reads (arc-behaviour B7).
func (t *UserLists) Files(conf *arcconf.Document) []string {
	var files []string
	for _, b := range conf.Kind("userlist") {
		if !slices.ContainsFunc(t.Names, func(f Field) bool { return f.Text == b.ID }) {
			continue
		}
		for _, o := range b.All("outfile") {
			files = append(files, o.Value.Text)
		}
	}
	return files
}
