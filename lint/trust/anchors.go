package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

// anchors are the certificates of a trust directory that a lookup by hash can
// reach: those whose file has a name such as 0a1b2c3d.0.
func anchors(dir *gridsec.Dir) []*gridsec.Certificate {
	var found []*gridsec.Certificate
	for _, file := range dir.Files {
		if reachable(file) {
			found = append(found, file.Certificates...)
		}
	}
	return found
}

func hasSubject(name string) func(*gridsec.Certificate) bool {
	return func(c *gridsec.Certificate) bool { return c.SubjectName == name }
}

// trustDirs are the directories whose files the rules look at, each once: where
// the key fetch looks, and where client certificates are looked up.
func trustDirs(s *site.Site) []*gridsec.Dir {
	dirs := []*gridsec.Dir{s.GridDir}
	for _, dir := range s.ClientDirs {
		if dir != s.GridDir {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// unreadable reports that a directory could not be looked at.
func unreadable(dir *gridsec.Dir, r *lint.Reporter) bool {
	if dir.Err != nil {
		r.Skip("%s could not be read: %v", dir.Path, dir.Err)
	}
	return dir.Err != nil
}

func bySubject(certificates []*gridsec.Certificate) map[string][]*gridsec.Certificate {
	index := map[string][]*gridsec.Certificate{}
	for _, c := range certificates {
		index[c.SubjectName] = append(index[c.SubjectName], c)
	}
	return index
}
