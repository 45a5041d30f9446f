package main

import (
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"arclint/fixtures/pki"
)

// makeToken signs the claims in a file with a stored key, under a key id:
// token OUT KEY KID CLAIMS.
func makeToken(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "token OUT KEY KID CLAIMS")
	alg := "RS256"
	if args[1][0] == 'p' {
		alg = "ES256"
	}
	token, err := pki.Token(args[1], `{"alg":"`+alg+`","typ":"JWT","kid":"`+args[2]+`"}`, ts.ReadFile(args[3]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(token+"\n"), 0o644))
}

// makeKeySet writes the set of one stored key under an id: keyset OUT KEY KID.
func makeKeySet(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "keyset OUT KEY KID")
	set, err := pki.KeySet(args[2], args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), set, 0o644))
}
