package rootfs

import "io/fs"

// Name is an entry of a directory as the directory itself tells it.
type Name struct {
	Name string
	Type fs.FileMode // the type bits
}

// Lister is a tree that knows a cheaper way than ReadDir and ReadFile where
// nothing but the types of the entries is wanted: a trust directory has
// thousands, nearly all of them links.
type Lister interface {
	// Names lists the directory at path (no links in it), sorted by name.
	Names(path string) ([]Name, error)
	// ReadListed is ReadFile without the look before the file is opened: for a
	// path that Names or Lstat has just called a regular file. It gives the
	// Info of the file that it has opened, in case of an error as far as known.
	ReadListed(path string, limit int64) ([]byte, Info, error)
}

// Names lists the directory at path (no links in it), sorted by name.
func Names(fsys FS, path string) ([]Name, error) {
	if l, ok := fsys.(Lister); ok {
		return l.Names(path)
	}
	entries, err := fsys.ReadDir(path)
	if err != nil {
		return nil, err
	}
	names := make([]Name, len(entries))
	for i, e := range entries {
		names[i] = Name{Name: e.Name(), Type: e.Mode.Type()}
	}
	return names, nil
}

// ReadListed reads a file that Names or Lstat has just called regular, and says
// what it has read. Errors are those of ReadFile.
func ReadListed(fsys FS, path string, limit int64) ([]byte, Info, error) {
	if l, ok := fsys.(Lister); ok {
		return l.ReadListed(path, limit)
	}
	info, err := fsys.Lstat(path)
	if err != nil {
		return nil, info, err
	}
	data, err := fsys.ReadFile(path, limit)
	return data, info, err
}
