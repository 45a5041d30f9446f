package arch

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeNamesEveryRoom: the table of README.md has every room of the first
// level below internal/.
func TestReadmeNamesEveryRoom(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range rooms {
		if room.IsDir() && !strings.Contains(string(page), "`internal/"+room.Name()+"`") {
			t.Errorf("README.md does not say what internal/%s is for", room.Name())
		}
	}
}
