package arch

import (
	"go/ast"
	"go/token"
	"slices"
)

// callsTo finds the places where one of the functions of the package is named.
func callsTo(tree *ast.File, pkg string, funcs ...string) []token.Pos {
	var found []token.Pos
	ast.Inspect(tree, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg && slices.Contains(funcs, sel.Sel.Name) {
			found = append(found, sel.Pos())
		}
		return true
	})
	return found
}
