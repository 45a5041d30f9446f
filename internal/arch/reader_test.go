package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// accessLines are the blocks and options that say who gets in. What stands in
// them is read in internal/authgroup and nowhere else.
var accessLines = []string{
	"authgroup", "mapping", "allowaccess", "denyaccess", "authtokens", "authtokensgen", "voms", "userlist",
	"allownew_override", "vomsless_vo", "map_to_user", "map_to_pool", "map_with_file", "map_with_plugin",
}

// readers are the calls by which a value is taken from arc.conf.
var readers = []string{"Kind", "First", "All"}

// TestOneReader: nobody but internal/authgroup takes the lines of access apart.
func TestOneReader(t *testing.T) {
	eachFile(t, func(pkg, file string) {
		if pkg == "internal/authgroup" || strings.HasPrefix(pkg, "fixtures") {
			return
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range secondReaders(tree) {
			t.Errorf("%s: reads lines of access: ask internal/authgroup", fset.Position(at))
		}
	})
}

// TestSecondReaderIsSeen: the test above can fail.
func TestSecondReaderIsSeen(t *testing.T) {
	for body, want := range map[string]int{
		`s.Conf.Kind("authgroup")`:                          1,
		`s.Conf.Block("mapping").All("map_to_user")`:        1,
		`strings.TrimLeft(name, "+-!")`:                     1,
		`_ = o.Name.Text == "allowaccess"`:                  1,
		`switch o.Name.Text { case "voms", "authtokens": }`: 2,
		`s.Conf.Kind("queue")`:                              0,
		`s.Conf.Block("authtokens")`:                        0, // whether it is there is no reading
		`strings.TrimLeft(text, " ")`:                       0,
		`lines = append(lines, "authtokens=* " + iss)`:      0,
		`s.Conf.Kind("userlist")`:                           0, // the blocks, which are no lines of access
		`strings.CutSuffix(o.Name.Text, "userlist")`:        1,
		`strings.HasPrefix(o.Name.Text, "map_with_plugin")`: 1,
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() { "+body+" }\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(secondReaders(tree)); got != want {
			t.Errorf("%s: %d readers, want %d", body, got, want)
		}
	}
}

// secondReaders finds the places that ask for a line of access by its name.
func secondReaders(tree *ast.File) []token.Pos {
	var found []token.Pos
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if takesAccessLine(n) {
				found = append(found, n.Pos())
			}
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && (namesOption(n.X) && isAccessLine(n.Y) || namesOption(n.Y) && isAccessLine(n.X)) {
				found = append(found, n.Pos())
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && namesOption(n.Tag) {
				found = append(found, casesOf(n)...)
			}
		}
		return true
	})
	return found
}

func casesOf(n *ast.SwitchStmt) []token.Pos {
	var found []token.Pos
	for _, clause := range n.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			if isAccessLine(e) {
				found = append(found, e.Pos())
			}
		}
	}
	return found
}

func takesAccessLine(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	last := call.Args[len(call.Args)-1]
	if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "strings" {
		cuts := strings.HasPrefix(sel.Sel.Name, "Trim") && strings.Contains(textOf(last), "+-!")
		return cuts || namesOption(call.Args[0]) && isAccessLine(last)
	}
	if sel.Sel.Name == "Kind" && textOf(last) == "userlist" {
		return false
	}
	return slices.Contains(readers, sel.Sel.Name) && isAccessLine(last)
}

// namesOption says whether the expression ends as the name of an option does:
// o.Name.Text.
func namesOption(e ast.Expr) bool {
	text, ok := e.(*ast.SelectorExpr)
	if !ok || text.Sel.Name != "Text" {
		return false
	}
	name, ok := text.X.(*ast.SelectorExpr)
	return ok && name.Sel.Name == "Name"
}

func isAccessLine(e ast.Expr) bool { return slices.Contains(accessLines, textOf(e)) }

// textOf is the text of a literal, "" of anything else.
func textOf(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}
