package conffmt

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace puts now in the place of was in a file of this machine: whole or not
// at all. Mode, owner and extended attributes (ACLs, SELinux labels) stay.
//
// It is an error, and nothing is changed, if the file is a symbolic link, no
// regular file or has several names; if it does not hold was any more; if an
// attribute cannot be kept; and where the system cannot tell attributes.
func Replace(path string, was, now []byte) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer root.Close()
	name := filepath.Base(path)
	old, err := openSame(root, name)
	if err != nil {
		return err
	}
	defer old.Close()
	held, err := io.ReadAll(io.LimitReader(old, int64(len(was))+1))
	if err != nil {
		return err
	}
	if !bytes.Equal(held, was) {
		return errors.New("was changed by somebody else meanwhile, want a second run")
	}
	temporary := ".arclint-" + rand.Text()
	if err := create(root, temporary, old, now); err != nil {
		return errors.Join(err, removed(root, temporary))
	}
	if err := same(root, name, old); err != nil {
		return errors.Join(err, removed(root, temporary))
	}
	if err := root.Rename(temporary, name); err != nil {
		return errors.Join(err, removed(root, temporary))
	}
	return syncDirectory(root)
}

// openSame opens a regular file with one name, and no link to one.
func openSame(root *os.Root, name string) (*os.File, error) {
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("is a symbolic link, want the file that it leads to")
	case !info.Mode().IsRegular():
		return nil, errors.New("is no regular file")
	case names(info) > 1:
		return nil, fmt.Errorf("has %d names (hard links), want one: the others would keep the old text", names(info))
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	if err := same(root, name, file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// same says whether the open file still stands under the name.
func same(root *os.Root, name string, file *os.File) error {
	opened, err := file.Stat()
	if err != nil {
		return err
	}
	found, err := root.Lstat(name)
	if err != nil {
		return err
	}
	if !os.SameFile(opened, found) {
		return errors.New("was replaced by somebody else meanwhile, want a second run")
	}
	return nil
}

// create writes a new file with the attributes of the old one through to the
// disk.
func create(root *os.Root, name string, old *os.File, data []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = keepAttributes(old, file)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// removed takes a file away, if it is still there.
func removed(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncDirectory makes the new name last.
func syncDirectory(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
