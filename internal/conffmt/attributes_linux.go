package conffmt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// names counts the names of a file.
func names(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 0
}

// keepAttributes gives a new file the owner, the mode and the extended
// attributes of an old one. What is alike already is not set: a label of
// SELinux mostly is, and not everybody may set one.
func keepAttributes(old, file *os.File) error {
	was, err := old.Stat()
	if err != nil {
		return err
	}
	is, err := file.Stat()
	if err != nil {
		return err
	}
	from, to := was.Sys().(*syscall.Stat_t), is.Sys().(*syscall.Stat_t)
	if from.Uid != to.Uid || from.Gid != to.Gid {
		if err := file.Chown(int(from.Uid), int(from.Gid)); err != nil {
			return fmt.Errorf("the owner cannot be kept: %w", err)
		}
	}
	if err := keepExtended(int(old.Fd()), int(file.Fd())); err != nil {
		return fmt.Errorf("the extended attributes cannot be kept: %w", err)
	}
	return file.Chmod(was.Mode())
}

func keepExtended(old, file int) error {
	list, err := listExtended(old)
	if err != nil {
		return err
	}
	for _, name := range list {
		want, err := extended(old, name)
		if err != nil {
			return err
		}
		if got, err := extended(file, name); err == nil && bytes.Equal(got, want) {
			continue
		}
		if err := unix.Fsetxattr(file, name, want, 0); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

const maxExtended = 1 << 16 // bytes, of the list and of a value; Linux has no larger ones

func listExtended(file int) ([]string, error) {
	list := make([]byte, maxExtended)
	n, err := unix.Flistxattr(file, list)
	if errors.Is(err, unix.ENOTSUP) || n == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(list[:n]), "\x00"), "\x00"), nil
}

func extended(file int, name string) ([]byte, error) {
	value := make([]byte, maxExtended)
	n, err := unix.Fgetxattr(file, name, value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return value[:n], nil
}
