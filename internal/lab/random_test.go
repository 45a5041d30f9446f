//go:build lab

package lab_test

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
)

var (
	draws = flag.Int("worlds", 20, "how many worlds are drawn for each release")
	seed  = flag.Uint64("seed", 1, "which worlds are drawn")
)

// perStart is how many worlds are asked before the CE gets another arc.conf.
const perStart = 20

// TestRandom asks the CEs about worlds drawn at random. A disagreement is made
// as small as it gets and written as a fixture.
func TestRandom(t *testing.T) {
	t.Logf("seed %d, %d worlds a release", *seed, *draws)
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		b := &bench{t: t, ce: open(t, s, chroot)}
		r := rand.New(rand.NewPCG(*seed, 0))
		accepted := 0
		for n := 0; n < *draws; n += perStart {
			common := configurationFor(r, s)
			for i := n; i < min(n+perStart, *draws); i++ {
				d := world.Random(r)
				got, said := b.try(drawn(d, common))
				if got.token.Accepted() {
					accepted++
				}
				if wrong := disagreeing(said); len(wrong) > 0 {
					d = b.shrink(d, common)
					b.write(i, d, common)
					got, said = b.try(drawn(d, common))
				}
				b.compare(fmt.Sprintf("seed %d, world %d, %v, %s", *seed, i, common, d), got, said)
			}
		}
		for _, q := range []string{"issuer", "client", "trust", "check", "start"} {
			t.Logf("%s: %d answers agree", q, b.agreed[q])
		}
		if *draws >= 100 && (accepted < *draws/20 || accepted > *draws*19/20) {
			t.Errorf("%d of %d tokens are accepted: the draws have gone astray", accepted, *draws)
		}
	})
}

// configurationFor draws lines of [common] with which the release starts.
func configurationFor(r *rand.Rand, s lab.Suite) []string {
	all := world.Configurations()
	if s.Measured == "6.17.0" {
		all = slices.DeleteFunc(all, func(lines []string) bool {
			return slices.ContainsFunc(lines, func(line string) bool {
				return strings.HasPrefix(line, "x509_cert_policy") || line == "x509_cert_dir=/nosuch" || strings.Contains(line, ":")
			})
		})
	}
	return all[r.IntN(len(all))]
}

func drawn(d world.Draw, common []string) *world.World {
	w := worlds.World()
	d.Apply(w)
	w.Common = common
	return w
}

func disagreeing(said []claim) []claim {
	return slices.DeleteFunc(slices.Clone(said), func(c claim) bool { return c.agrees })
}

// shrink makes slots plain as long as the CE and arclint disagree.
func (b *bench) shrink(d world.Draw, common []string) world.Draw {
	for _, simpler := range d.Simpler() {
		if _, said := b.try(drawn(simpler, common)); len(disagreeing(said)) > 0 {
			return b.shrink(simpler, common)
		}
	}
	return d
}

// write keeps a disagreement as a site below fixtures/sites, to be looked at and
// made good.
func (b *bench) write(n int, d world.Draw, common []string) {
	t, w := b.t, drawn(d, common)
	got, said := b.try(w)
	dir := filepath.Join("..", "..", "fixtures", "sites", fmt.Sprintf("lab-%s-%d-%d", b.ce.Measured, *seed, n))
	var text strings.Builder
	fmt.Fprintf(&text, "# Found by the lab: %s\n# arc.conf: %v\n# The CE: %s\n", d, common, got)
	for _, c := range disagreeing(said) {
		fmt.Fprintf(&text, "# %s\n", strings.ReplaceAll(strings.TrimSpace(c.said), "\n", "\n# "))
	}
	fmt.Fprintf(&text, "# chain.pem is what the issuer sends, client.pem what the client sends.\nbase none\nnow %s\narc %s\nos debian\n", now.Format("2006-01-02T15:04:05Z"), b.ce.Measured)
	ok(t, w.Tree.WriteFile("/etc/arc.conf", []byte(b.ce.Conf(lab.Conf{Common: common})), 0o644))
	ok(t, writeTree(&text, w.Tree, "/", filepath.Join(dir, "root")))
	for name, data := range map[string][]byte{
		"site.txt": []byte(text.String()), "chain.pem": pki.Chain(w.Chain...), "client.pem": pki.Chain(w.ClientChain()...),
	} {
		ok(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	t.Logf("written to %s", dir)
}

// writeTree writes plain files below to; links become lines of the text.
func writeTree(text *strings.Builder, tree rootfs.FS, dir, to string) error {
	if err := os.MkdirAll(filepath.Join(to, dir), 0o755); err != nil {
		return err
	}
	entries, err := tree.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch {
		case e.Mode.IsDir():
			err = writeTree(text, tree, e.Path, to)
		case e.Mode&fs.ModeSymlink != 0:
			var target string
			target, err = tree.Readlink(e.Path)
			fmt.Fprintf(text, "link %s -> %s\n", strings.TrimPrefix(e.Path, "/"), target)
		default:
			var data []byte
			if data, err = tree.ReadFile(e.Path, e.Size); err == nil {
				err = os.WriteFile(filepath.Join(to, e.Path), data, 0o644)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
