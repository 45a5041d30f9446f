// Package host holds the rules on the CE's own credential, the host certificate
// that clients see and the key behind it, and on the directories of A-REX.
package host

import "arclint/lint"

// Rules are the rules of this area.
var Rules = []*lint.Rule{
	certMissing, certMode, certExpired, certExpiring, certName, certNoSAN, certWeak, certPurpose, certUntrusted, certOrder, certNoClientUse,
	certOutsidePolicy, chainIncomplete, chainEnding,
	keyMissing, keyMode, keyOwner, keyMismatch, keyEncrypted, keyWeak, keyUnreadable,
	directoryMode, sessionDirectory, writable, testCA,
}
