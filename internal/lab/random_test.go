//go:build lab

package lab_test

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
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
				name := fmt.Sprintf("seed %d, world %d, %v, %s", *seed, i, common, d)
				got, said := b.tryTwice(name, func() *world.World { return drawn(d, common) })
				if got.token.Accepted() {
					accepted++
				}
				if len(disagreeing(said)) > 0 {
					d = shrink(d, func(d world.Draw) bool {
						_, said := b.try(drawn(d, common))
						return len(disagreeing(said)) > 0
					})
					w := drawn(d, common)
					name = fmt.Sprintf("%s, shrunk to %s", name, d)
					got, said = b.try(w)
					dir := filepath.Join(sites, fmt.Sprintf("lab-%s-%d-%d", s.Measured, *seed, i))
					keep(t, dir, w, b.ce.Conf(lab.Conf{Common: common}), story(s, d, common, got, said))
					t.Logf("kept in %s", dir)
				}
				b.compare(name, got, said)
			}
		}
		b.report()
		if *draws >= 100 && (accepted < *draws/20 || accepted > *draws*19/20) {
			t.Errorf("%d of %d tokens are accepted: the draws have gone astray", accepted, *draws)
		}
	})
}

// configurationFor draws lines of [common] with which the release starts.
func configurationFor(r *rand.Rand, s lab.Suite) []string {
	all := world.Configurations()
	if s.Does.StrictStart {
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

// shrink makes slots plain as long as what is left still disagrees.
func shrink(d world.Draw, disagrees func(world.Draw) bool) world.Draw {
	for _, simpler := range d.Simpler() {
		if disagrees(simpler) {
			return shrink(simpler, disagrees)
		}
	}
	return d
}

// TestShrink: what does not matter becomes plain, what matters stays.
func TestShrink(t *testing.T) {
	full := world.Random(rand.New(rand.NewPCG(1, 1)))
	for i := range full {
		full[i] = 1
	}
	got := shrink(full, func(d world.Draw) bool { return d[2] == 1 && d[5] == 1 })
	want := make(world.Draw, len(full))
	want[2], want[5] = 1, 1
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// sites is where a disagreement is kept, to be looked at and made good.
var sites = filepath.Join("..", "..", "fixtures", "sites")

// story is the head of the site.txt of a disagreement.
func story(s lab.Suite, d world.Draw, common []string, got outcome, said []claim) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Found by the lab: %s\narc.conf: %v\nThe CE: %s\n", d, common, got)
	for _, c := range disagreeing(said) {
		fmt.Fprintln(&b, strings.TrimSpace(c.said))
	}
	b.WriteString("chain.pem is what the issuer sends, client.pem what the client sends.")
	text := "# " + strings.ReplaceAll(b.String(), "\n", "\n# ") + "\n"
	return text + fmt.Sprintf("base none\nnow %s\narc %s\nos debian\n", now.Format("2006-01-02T15:04:05Z"), s.Measured)
}

// keep writes a world as a site of fixtures/sites.
func keep(t *testing.T, dir string, w *world.World, conf, head string) {
	t.Helper()
	ok(t, w.Tree.WriteFile("/etc/arc.conf", []byte(conf), 0o644))
	var text strings.Builder
	text.WriteString(head)
	ok(t, writeTree(&text, w.Tree, "/", filepath.Join(dir, "root")))
	for name, data := range map[string][]byte{
		"site.txt": []byte(text.String()), "chain.pem": pki.Chain(w.Chain...), "client.pem": pki.Chain(w.ClientChain()...),
	} {
		ok(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
}

// TestKeep: what is kept can be loaded as a site, and reads as the world did.
func TestKeep(t *testing.T) {
	d := world.Random(rand.New(rand.NewPCG(4, 4)))
	w := drawn(d, nil)
	w.Link("nowhere.pem", world.GridDir+"/dangling.0")
	dir := filepath.Join(t.TempDir(), "lab-kept")
	said := []claim{{about: "issuer", said: "two\nlines"}}
	keep(t, dir, w, "[common]\n", story(lab.Suites()[2], d, nil, outcome{}, said))
	kept, err := fixtures.LoadSite(dir)
	ok(t, err)
	if diff := cmp.Diff(entries(t, w.Tree, "/"), entries(t, kept.Tree, "/")); diff != "" {
		t.Errorf("-world +site:\n%s", diff)
	}
}

// entries are the files below a directory with their contents, and the links.
func entries(t *testing.T, tree rootfs.FS, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	list, err := tree.ReadDir(dir)
	ok(t, err)
	for _, e := range list {
		switch {
		case e.Mode.IsDir():
			maps.Copy(found, entries(t, tree, e.Path))
		case e.Mode&fs.ModeSymlink != 0:
			found[e.Path], err = tree.Readlink(e.Path)
			ok(t, err)
		default:
			data, err := tree.ReadFile(e.Path, e.Size)
			ok(t, err)
			found[e.Path] = string(data)
		}
	}
	return found
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
