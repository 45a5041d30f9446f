package doors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"arclint/internal/admission"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// TestListed: an answer with many ways in, groups and queues grows with them and
// not with their product, and counts what it does not list.
func TestListed(t *testing.T) {
	answer := func(n int) accessJSON {
		s := manyOfAll(t, n)
		var out, page, text bytes.Buffer
		who := admission.Doors(s)
		for _, err := range []error{AccessJSON(&out, who), AccessMarkdown(&page, s, who), AccessText(&text, s, who)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var got accessJSON
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, n := range []int{5, 400} {
		got, rows := answer(n), 0
		if len(got.Doors) < n {
			t.Fatalf("%d ways in, want at least %d", len(got.Doors), n)
		}
		for _, d := range got.Doors {
			queues, more := len(d.Interfaces)-1, 0
			rows += queues
			if d.LeftOff != nil {
				more = d.LeftOff.QueuesOpen + d.LeftOff.QueuesClosed
			}
			if queues+more != n || (more > 0) != (n > 5) {
				t.Fatalf("%d queues are listed and %d counted, want %d", queues, more, n)
			}
			open := 0
			for _, i := range d.Interfaces[1:] {
				if i.Submit.State == "yes" {
					open++
				}
			}
			if d.LeftOff != nil {
				open += d.LeftOff.QueuesOpen
			}
			if open != (n+1)/2 {
				t.Fatalf("%d queues are open, want %d: %+v", open, (n+1)/2, d.LeftOff)
			}
		}
		if most := maxListed + leastListed*len(got.Doors); rows > most {
			t.Errorf("%d ways list %d queues, want at most %d", len(got.Doors), rows, most)
		}
		if said := strings.Contains(strings.Join(got.Unseen, "\n"), "too many ways in"); said != (n > 5) {
			t.Errorf("%d: unseen is %q", n, got.Unseen)
		}
	}
}

// manyOfAll is a site with a number of groups and queues. Each group has one
// subject, which every second queue admits.
func manyOfAll(t *testing.T, n int) *site.Site {
	t.Helper()
	var b strings.Builder
	var all []string
	for i := range n {
		fmt.Fprintf(&b, "[authgroup:g%d]\nsubject=/DC=org/DC=example/CN=User %d\n", i, i)
		all = append(all, fmt.Sprintf("g%d", i))
	}
	b.WriteString("[mapping]\n")
	for _, name := range all {
		fmt.Fprintf(&b, "map_to_user=%s griduser\n", name)
	}
	fmt.Fprintf(&b, "[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=%s\n", strings.Join(all, " "))
	for i := range n {
		fmt.Fprintf(&b, "[queue:q%d]\n", i)
		if i%2 == 1 {
			b.WriteString("allowaccess=nobody\n")
		}
	}
	tree := rootfs.NewMem()
	for path, text := range map[string]string{
		"/etc/arc.conf": b.String(), "/etc/passwd": "griduser:x:1000:1000::/:/bin/sh\n", "/etc/nsswitch.conf": "passwd: files\n",
	} {
		if err := tree.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := site.Load(tree, site.Options{ARCVersion: "7.2.0", Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
