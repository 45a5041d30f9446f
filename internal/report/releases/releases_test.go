package releases

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"arclint/internal/release"
)

// TestFormats: each format has every fact of every release.
func TestFormats(t *testing.T) {
	var text, page, object bytes.Buffer
	for _, err := range []error{Text(&text, release.Default()), Markdown(&page, release.Default()), JSON(&object, release.Default())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var read struct {
		Version  int
		Releases []string
		Facts    []struct {
			ID     string
			Values []any
		}
	}
	if err := json.Unmarshal(object.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.Version != 1 || len(read.Facts) != len(release.Columns()) {
		t.Errorf("version %d with %d facts, want 1 with %d", read.Version, len(read.Facts), len(release.Columns()))
	}
	for i, c := range release.Columns() {
		row := "| " + c.Title + " | " + strings.Join(valuesOf(c, release.Default().All()), " | ") + " | "
		if !strings.Contains(page.String(), row) {
			t.Errorf("the page lacks %s", row)
		}
		if !strings.Contains(text.String(), "  "+c.Title) {
			t.Errorf("the text lacks %s", c.Title)
		}
		if f := read.Facts[i]; f.ID != c.Field || len(f.Values) != len(read.Releases) {
			t.Errorf("fact %d is %s with %d values, want %s with %d", i, f.ID, len(f.Values), c.Field, len(read.Releases))
		}
	}
}

// TestChanges: the part on a step from one release to the next has what differs
// and nothing else.
func TestChanges(t *testing.T) {
	rows := release.Default().All()
	var b strings.Builder
	writeChanges(&b, rows[1], rows[2])
	for _, c := range release.Columns() {
		if changed := c.Value(&rows[1].Facts) != c.Value(&rows[2].Facts); changed != strings.Contains(b.String(), "| "+c.Title+" |") {
			t.Errorf("%s changes from %s to %s: %t, and the page says otherwise", c.Field, rows[1].Measured, rows[2].Measured, changed)
		}
	}
}
