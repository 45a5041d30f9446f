package report

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContractPage: docs/json.md names every member that check writes, and no other.
func TestContractPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		named = append(named, row[1])
	}
	written := members("", reflect.TypeFor[checkJSON]())
	slices.Sort(named)
	slices.Sort(written)
	if diff := cmp.Diff(written, named); diff != "" {
		t.Errorf("docs/json.md (-written +named):\n%s", diff)
	}
}

// members are the names of what a type becomes in JSON, "a.b" for a member of an
// object and "a[].b" for one of each object of an array.
func members(above string, typ reflect.Type) []string {
	var names []string
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch at := above + name; {
		case field.Anonymous:
			continue // what a suppressed finding has of a finding
		case field.Type.Kind() == reflect.Struct:
			names = append(names, members(at+".", field.Type)...)
		case field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct:
			names = append(names, members(at+"[].", field.Type.Elem())...)
		default:
			names = append(names, at)
		}
	}
	return names
}
