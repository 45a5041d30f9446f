package host

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var keyUnreadable = &lint.Rule{
	ID:    "host/key-unreadable",
	Title: "ARC cannot load the host key",
	Why: "arched loads a PEM or DER private key without a pass phrase. Anything else makes every TLS connection fail. " +
		"With [arex] user= it loads the key as that user, for each connection. A key that only root can read is then of no use, on all releases.",
	Source:   "S72 src/hed/mcc/tls/ConfigTLSMCC.cpp (SSL_CTX_use_PrivateKey_file); [arex] user= and the owner of the key tried on 6.17.0, 7.0.0 and 7.2.0",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Rests:    true,
	Effect:   "No TLS connection to the CE succeeds.",
	Action:   "Put an unencrypted private key here, in PEM.",
	Recipe:   lint.Manual,
	ByHand: `See what OpenSSL says of the file:

    openssl pkey -in /etc/grid-security/hostkey.pem -noout

If the key is in a PKCS#12 file, take it out into a file that only root reads:

    cd /etc/grid-security
    openssl pkcs12 -in FILE -nocerts -nodes -out hostkey.new
    install -o root -g root -m 0400 hostkey.new hostkey.pem
    rm hostkey.new

If it is in another file, name that one:

    [common]
    x509_host_key=/etc/grid-security/hostkey.pem

If [arex] user names another user than root, give the key to that user. On
ARC 6, if arc.conf names the key, remove user= instead: it does not start on a
key of another user than root.

    chown USER /etc/grid-security/hostkey.pem

If it is lost, get a new pair.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		if closedTo(s, r) {
			return
		}
		path, err := s.Host.KeyPath, s.Host.KeyErr
		if err == nil && s.Host.Key != nil && !s.Host.Key.Encrypted {
			err = s.Host.Key.ParseErr
		}
		switch {
		case err == nil, errors.Is(err, fs.ErrNotExist):
		case errors.Is(err, fs.ErrPermission):
			r.Skip("%s may not be read by this user; run as root", path)
		case s.Host.KeyErr != nil:
			nameIn(s, r.Path(path, "the host key cannot be read (%v)", cause(err)), "x509_host_key").Unserving(true)
		case errors.Is(err, gridsec.ErrNoKey):
			nameIn(s, r.Path(path, "there is no private key in PEM in this file"), "x509_host_key").Unserving(true)
		default: // OpenSSL knows more kinds of keys than Go
			nameIn(s, r.Path(path, "the host key may not load: %v", err), "x509_host_key").As(lint.Warning).
				Means("If ARC cannot load it, no TLS connection to the CE succeeds.").Do("Check it with `openssl pkey`, and replace it if that fails.")
		}
	},
}

// closedTo says whether A-REX runs as a user who cannot read the key, and reports it.
func closedTo(s *site.Site, r *lint.Reporter) bool {
	user, uid, ok := serviceUser(s)
	info := s.Host.KeyInfo
	if !ok || info.Path == "" || info.UID < 0 || info.UID == uid || info.Mode.Perm()&0o044 != 0 {
		return false
	}
	f := r.Path(s.Host.KeyPath, "A-REX runs as %s, and this user cannot read the host key", user).
		Means("No TLS connection to the CE succeeds. The key belongs to uid %d and has the mode %04o.", info.UID, info.Mode.Perm()).
		Do("Give the key to %s, or set user=root.", user)
	if s.Release.StrictStart && s.Value("common", "x509_host_key").Origin == arcconf.Admin {
		f.Do("Remove user= from [arex]: ARC 6 does not start on a key of another user.")
	}
	f.About("user "+user).Unserving(true).Relate(s.Value("arex", "user").Option.Line, "named here")
	return true
}

// serviceUser is the user of [arex] user=, where it is another than root and /etc/passwd
// has it.
func serviceUser(s *site.Site) (name string, uid int, ok bool) {
	value := s.Value("arex", "user")
	name, _, _ = strings.Cut(value.Text, ":")
	if value.Option == nil || s.Accounts == nil {
		return "", 0, false
	}
	uid, ok = s.Accounts.Users[name]
	return name, uid, ok && uid != 0
}
