package arcconf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUnread: of the files that ARC passes over, those count that hold blocks and are
// not set aside by their names.
func TestUnread(t *testing.T) {
	long := "[custom:a]\n" + strings.Repeat("#\n", maxUnread/2)
	files := map[string]string{"/etc/arc.conf": "[common]\n"}
	for name, text := range map[string]string{
		"10-site.cfg": "# site\n[custom:a]\n", "20.CONF": "[custom:a]", "sub/30": "\n [custom:a] \n",
		"40-site.conf": "[custom:b]\n", "50.conf.rpmnew": "[custom:a]\n", "60.conf~": "[custom:a]\n", ".70.conf.swp": "[custom:a]\n",
		"README": "[custom:a]\n", "notes.txt": "see [custom:a] there\n", "empty": "", "long": long,
	} {
		files["/etc/arc.conf.d/"+name] = text
	}
	for release7, want := range map[bool][]string{
		true: {"/etc/arc.conf.d/10-site.cfg", "/etc/arc.conf.d/20.CONF", "/etc/arc.conf.d/sub/30"}, false: nil,
	} {
		d, err := Read(tree(t, files), "/etc/arc.conf", Options{ConfD: release7})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Unread); diff != "" {
			t.Errorf("unread (-want +got):\n%s", diff)
		}
	}
}
