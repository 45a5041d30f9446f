package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNobodyComparesVersions: what a release does stands in internal/release.
// Elsewhere a question is a fact, never a version or a series; arcref orders its
// tables by version.
func TestNobodyComparesVersions(t *testing.T) {
	eachFile(t, func(pkg, file string) {
		if pkg == "internal/release" || pkg == "internal/arcref" {
			return
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range versionQuestions(tree) {
			t.Errorf("%s: %s: ask a fact of internal/release", fset.Position(f.at), f.what)
		}
	})
}

// TestVersionQuestions: each way to ask for a version is seen, and a version
// that is only named or printed is not.
func TestVersionQuestions(t *testing.T) {
	for _, tt := range []struct {
		code string
		want []string
	}{
		{`if s.Release.Is7() {}`, []string{"Is7"}},
		{`old := r.Measured == "7.0.0"`, []string{"a version is compared", "a version is compared"}},
		{`if measured != "6.17.0" {}`, []string{"a version is compared"}},
		{`if s.Release.Measured == other {}`, []string{"a version is compared"}},
		{`if s.Release.Version != s.Target.Release.Version {}`, []string{"a version is compared", "a version is compared"}},
		{`if r.Measured > "7" {}`, []string{"a version is compared"}},
		{`switch version { case "6.17.0", "7.0.0": }`, []string{"a version is a case", "a version is a case"}},
		{`switch s.Release.Measured { case newest: }`, []string{"a version is switched on"}},
		{`six := strings.HasPrefix(version, "6.")`, []string{"a version is asked for by HasPrefix"}},
		{`six := strings.HasPrefix(s.Release.Measured, series)`, []string{"a version is asked for by HasPrefix"}},
		{`_, minor, _ := strings.Cut(r.Release.Version, ".")`, []string{"a version is asked for by Cut"}},
		{`known := slices.Contains([]string{"7.0.0", "7.2.0"}, v)`, []string{"a version is asked for by Contains", "a version is asked for by Contains"}},
		{`x := table[s.Release.Measured]`, []string{"a version is looked up"}},
		{`x := map[string]bool{"7.0.0": true}`, []string{"a version is a key"}},
		{`if arcref.CompareVersions(a, b) < 0 {}`, []string{"CompareVersions"}},
		{`fmt.Println(s.Release.Measured, "7.0.0")`, nil},
		{`o := Options{ARCVersion: "7.2.0", Version: s.Release.Version}`, nil},
		{`if s.Release.ConfD && openssl == "3.0" && tls == "TLSv1.3" {}`, nil},
		{`if doc.Version == 1 {}`, nil},
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() {\n"+tt.code+"\n}\n", 0)
		if err != nil {
			t.Fatalf("%s: %v", tt.code, err)
		}
		var got []string
		for _, f := range versionQuestions(tree) {
			got = append(got, f.what)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.code, diff)
		}
	}
}

type versionQuestion struct {
	at   token.Pos
	what string
}

// askers are functions that answer what a text or a list holds.
var askers = []string{"HasPrefix", "HasSuffix", "Contains", "Cut", "CutPrefix", "Split", "SplitN", "EqualFold", "Compare", "Index", "Equal", "BinarySearch"}

// versionQuestions finds the places that ask which release it is.
func versionQuestions(tree *ast.File) []versionQuestion {
	var found []versionQuestion
	look := func(what string, exprs ...ast.Expr) {
		for _, e := range exprs {
			if isVersion(e) {
				found = append(found, versionQuestion{e.Pos(), what})
			}
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "Is7" || strings.EqualFold(n.Name, "CompareVersions") {
				found = append(found, versionQuestion{n.Pos(), n.Name})
			}
		case *ast.BinaryExpr:
			if slices.Contains([]token.Token{token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ}, n.Op) {
				look("a version is compared", n.X, n.Y)
			}
		case *ast.CaseClause:
			look("a version is a case", n.List...)
		case *ast.SwitchStmt:
			look("a version is switched on", n.Tag)
		case *ast.IndexExpr:
			look("a version is looked up", n.Index)
		case *ast.CallExpr:
			if name := calledName(n); slices.Contains(askers, name) {
				look("a version is asked for by "+name, spread(n.Args)...)
			}
		case *ast.KeyValueExpr:
			look("a version is a key", n.Key)
		}
		return true
	})
	return found
}

func calledName(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return fmt.Sprint(call.Fun)
}

// spread is the expressions with the elements of lists that are written out.
func spread(args []ast.Expr) []ast.Expr {
	var all []ast.Expr
	for _, a := range args {
		if list, ok := a.(*ast.CompositeLit); ok {
			all = append(all, list.Elts...)
			continue
		}
		all = append(all, a)
	}
	return all
}

// arcVersion is "6.17.0", "7.2" or the beginning of one, "6.".
var arcVersion = regexp.MustCompile(`^[6-9]\.(\d+(\.\d*)*)?$`)

// isVersion knows a version of ARC that is written out, Measured of anything,
// and Version of a release.
func isVersion(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return e.Kind == token.STRING && err == nil && arcVersion.MatchString(text)
	case *ast.SelectorExpr:
		if e.Sel.Name == "Measured" {
			return true
		}
		of, ok := e.X.(*ast.SelectorExpr)
		return e.Sel.Name == "Version" && ok && of.Sel.Name == "Release"
	}
	return false
}
