package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var privateKeyInTrustDir = &lint.Rule{
	ID:       "trust/private-key-in-trust-dir",
	Title:    "A private key is among the trust anchors",
	Why:      "Trust directories are readable for everybody and are copied to worker nodes. A key there may be known to others. If it is that of a CA, whoever has it makes certificates that this CE accepts.",
	Source:   "arc.conf.reference [common] x509_cert_dir",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Find which certificate the key belongs to, without a look at the key itself:

    cd /etc/grid-security/certificates
    openssl pkey -in FILE -pubout | openssl sha256
    openssl x509 -in HASH.0 -noout -pubkey | openssl sha256

Move it to a directory that only root reads, and keep the certificate:

    install -d -o root -g root -m 0700 /root/keys
    mv FILE /root/keys/
    openssl x509 -in /root/keys/FILE -out FILE

Tell the CA that the key may be known to others, and replace it. If the key is
that of a CA, remove the CA from this directory: whoever has it makes
certificates that this CE accepts.

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, file := range d.Files {
				if !file.HasPrivateKey {
					continue
				}
				f := r.Path(file.Path, "a private key is in this file, among the trust anchors").
					Means("Everybody on this host can read this directory, and may know the key.").Do("Move the key to a directory that only root reads, and replace it.")
				if file.Info.Mode.Perm()&0o077 == 0 {
					f.As(lint.Warning).Impacts(lint.Intrusion, lint.Low).Means("Directories of trust anchors are copied and packed with all that is in them.").Do("Move the key to a directory that only root reads.")
				}
			}
		}
	},
}
