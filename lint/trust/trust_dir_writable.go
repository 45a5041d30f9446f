package trust

import (
	"io/fs"
	"path"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var trustDirWritable = &lint.Rule{
	ID:    "trust/trust-dir-writable",
	Title: "Others than root may write to a trust directory or to a trust anchor",
	Why: "Whoever can write there decides whom this CE trusts. /etc/grid-security/certificates decides about token issuers as well, whatever x509_cert_dir says. " +
		"CRLs may belong to the account that runs fetch-crl. Below /cvmfs, which is read-only, owners mean nothing.",
	Source:   "arc-behaviour H1; EGI probe FilePermVulns",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			if above, ok := s.NamedPath(path.Dir(d.Resolved)); ok && above.Err == nil {
				checkMode(r, above.Path, above.Mode.Perm(), above.GID, "0755")
			}
			checkMode(r, d.Resolved, d.Info.Mode.Perm(), d.Info.GID, "0755")
			owned := ownership{}
			owned.add(d.Resolved, d.Info.UID)
			for _, file := range d.Files {
				if decides(file) {
					checkMode(r, file.Path, file.Info.Mode.Perm(), file.Info.GID, "0644")
				}
				if decides(file) && len(file.CRLs) == 0 {
					owned.add(file.Path, file.Info.UID)
				}
			}
			owned.report(s, r, d)
		}
	},
}

// decides says whether the content of the file decides about trust.
func decides(file *gridsec.File) bool {
	return len(file.Certificates) > 0 || len(file.CRLs) > 0 || file.Policy != nil
}

// checkMode reports what the group or others may write. Of the group root
// nobody but root is a member, mostly.
func checkMode(r *lint.Reporter, name string, mode fs.FileMode, gid int, want string) {
	if mode&0o022 == 0 {
		return
	}
	f := r.Path(name, "others than the owner may write here: the mode is %04o", mode).
		Means("Whoever may write here decides whom the CE trusts.").Do("Set the mode to %s.", want).
		About("mode").With("path", name).With("mode", want)
	if mode&0o002 == 0 && gid == 0 {
		f.As(lint.Note).Headlined("the group root may write here: the mode is %04o", mode)
	}
}

// ownership collects what belongs to others than root, by owner.
type ownership struct {
	asked  int // how many paths there were
	owners []int
	paths  map[int][]string
}

func (o *ownership) add(name string, uid int) {
	o.asked++
	if uid <= 0 || strings.HasPrefix(name, "/cvmfs/") { // -1: the tree does not say
		return
	}
	if o.paths == nil {
		o.paths = map[int][]string{}
	}
	if o.paths[uid] == nil {
		o.owners = append(o.owners, uid)
	}
	o.paths[uid] = append(o.paths[uid], name)
}

// report says it once for each owner: a tree that was copied belongs to whoever
// copied it, file by file.
func (o *ownership) report(s *site.Site, r *lint.Reporter, d *directory) {
	for _, uid := range o.owners {
		if s.Root != "/" && len(o.paths[uid]) == o.asked {
			r.Skip("%s and all in it belong to uid %d in this copy of the site, so it is not known to whom they belong on the CE", d.Path, uid)
			continue
		}
		first, rest := o.paths[uid][0], o.paths[uid][1:]
		f := r.Path(first, "the owner is uid %d, not root", uid).Means("The owner decides whom the CE trusts.").Do("Make root the owner.").
			About("owner").With("path", first).With("owner", "root:root")
		if len(rest) > 0 {
			f.Headlined("the owner of this and of %s here is uid %d, not root", prose.Plural(len(rest), "more file"), uid)
		}
	}
}
