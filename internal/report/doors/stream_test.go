package doors

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"arclint/internal/report"
)

// TestStreamedList: items that are written one by one give the bytes of a list that
// is written as a whole.
func TestStreamedList(t *testing.T) {
	type page struct {
		Version int        `json:"version"`
		Notes   []string   `json:"notes"`
		Doors   []doorJSON `json:"doors"`
		Unseen  []string   `json:"unseen"`
	}
	for _, n := range []int{0, 1, 3} {
		whole := page{Version: 1, Notes: []string{`"doors": []`, "a\n  \"doors\": []"}, Doors: []doorJSON{}, Unseen: []string{}}
		frame := whole
		for i := range n {
			whole.Doors = append(whole.Doors, doorJSON{Who: fmt.Sprintf("<%d>\u202e\x1b", i), Authgroups: []string{"a", "b"}[:i%3], Interfaces: []interfaceJSON{}, LeftOff: &leftOff{Authgroups: i}})
		}
		var want, got bytes.Buffer
		if err := report.JSON(&want, whole); err != nil {
			t.Fatal(err)
		}
		if err := report.JSONList(&got, frame, "doors", slices.Values(whole.Doors)); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%d items:\n%s\nwant\n%s", n, got.String(), want.String())
		}
	}
	if err := report.JSONList(&bytes.Buffer{}, page{}, "gates", slices.Values([]doorJSON{})); err == nil {
		t.Error("a list that is not there is written")
	}
}
