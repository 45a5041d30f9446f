package arch

import (
	"os"
	"strings"
	"testing"
)

// TestLayoutNamesEveryRoom: the table of docs/layout.md has every room of the first
// level below internal/.
func TestLayoutNamesEveryRoom(t *testing.T) {
	page, err := os.ReadFile("../../docs/layout.md")
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range rooms {
		if room.IsDir() && !strings.Contains(string(page), "`internal/"+room.Name()+"`") {
			t.Errorf("docs/layout.md does not say what internal/%s is for", room.Name())
		}
	}
}
