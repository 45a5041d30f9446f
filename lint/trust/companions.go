package trust

import (
	"path"
	"strings"

	"arclint/internal/gridsec"
)

// companions are the files of a CA beside its certificate: those whose name
// without its ending is the CA's alias or one of its hashes (NAME.info for
// NAME.pem, 0a1b2c3d.signing_policy for 0a1b2c3d.0).
func companions(dir *gridsec.Dir, ca *gridsec.File) []*gridsec.File {
	stems := map[string]bool{}
	for _, name := range ca.Names {
		stems[stem(name)] = true
	}
	for _, c := range ca.Certificates {
		stems[slot{hash: c.Hash}.stem()] = true
	}
	var found []*gridsec.File
	for _, file := range dir.Files {
		for _, name := range file.Names {
			if file != ca && stems[stem(name)] {
				found = append(found, file)
				break
			}
		}
	}
	return found
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
