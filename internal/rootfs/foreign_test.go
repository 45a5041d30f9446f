package rootfs

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// TestForeignArchives: what is no tar archive is refused by its name.
func TestForeignArchives(t *testing.T) {
	long := strings.Repeat("text\n", 1000)
	for _, c := range []struct{ name, data, want string }{
		{"zstd", "\x28\xb5\x2f\xfd" + long, "zstd -d"},
		{"xz", "\xfd7zXZ\x00" + long, "xz -d"},
		{"xz, short", "\xfd7zXZ\x00", "xz -d"},
		{"zip", "PK\x03\x04" + long, "zip archive"},
		{"7z", "7z\xbc\xaf\x27\x1c" + long, "7z archive"},
		{"text", long, "is no tar archive"},
		{"short text", "hello\n", "is no tar archive"},
		{"nothing", "", "is no tar archive"},
	} {
		if _, err := Tar(strings.NewReader(c.data), Limits{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, where %q is to be said", c.name, err, c.want)
		}
	}
}

func TestBzip2(t *testing.T) {
	dir := t.TempDir()
	packed, err := exec.Command("sh", "-c", `cd "$1" && mkdir etc && echo '[common]' > etc/arc.conf && tar cf - etc | python3 -c 'import bz2, sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read()))'`, "sh", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Tar(bytes.NewReader(packed), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if data, err := tree.ReadFile("/etc/arc.conf", 100); err != nil || string(data) != "[common]\n" {
		t.Errorf("%q, %v", data, err)
	}
}
