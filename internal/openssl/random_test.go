package openssl_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/internal/openssl"
)

var (
	chains = flag.Int("chains", 400, "how many random chains are compared with openssl verify")
	seed   = flag.Uint64("seed", 2, "of the random chains")
	only   = flag.Int("draw", -1, "compare this one of the random chains alone")
)

// batchSize is how many chains one call of openssl verify is asked about.
const batchSize = 40

// TestRandomChains compares the Engine with `openssl verify` on random chains,
// each as a server's and as a client's: whether it is accepted, and the first
// fault.
func TestRandomChains(t *testing.T) {
	o := findOracle(t)
	var outcomes tally
	t.Cleanup(func() { outcomes.report(t) })
	if *only >= 0 {
		outcomes.compare(t, o, *only, *only+1)
		return
	}
	for from := 0; from < *chains; from += batchSize {
		to := min(from+batchSize, *chains)
		t.Run(fmt.Sprintf("%d to %d", from, to-1), func(t *testing.T) {
			t.Parallel()
			outcomes.compare(t, o, from, to)
		})
	}
}

// tally counts how the questions ended.
type tally struct {
	mu        sync.Mutex
	agreed    map[openssl.Reason]int
	disagreed int
}

func (c *tally) compare(t *testing.T, o oracle, from, to int) {
	var draws []draw
	for n := from; n < to; n++ {
		draws = append(draws, drawn(t, *seed, uint64(n)))
	}
	l := lay(t, draws)
	e := l.engine(t, o.profile)
	for _, p := range []openssl.Purpose{openssl.Server, openssl.Client, openssl.Any} {
		codes := o.ask(t, l, p)
		for i, d := range draws {
			got := verdictOf(t, e, d, p)
			c.add(got.Reason, fits(codes[i], got.Reason))
			if !fits(codes[i], got.Reason) {
				t.Errorf("draw %d, %s: %s, OpenSSL says %d\n%s%s", from+i, p, got.Reason, codes[i], story(got), d.log)
			}
		}
	}
}

func (c *tally) add(r openssl.Reason, agreed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.agreed == nil {
		c.agreed = map[openssl.Reason]int{}
	}
	if agreed {
		c.agreed[r]++
	} else {
		c.disagreed++
	}
}

// report says how often the two agreed, and fails where an important outcome was
// not compared.
func (c *tally) report(t *testing.T) {
	var counts []string
	total := 0
	for reason, n := range c.agreed {
		counts = append(counts, fmt.Sprintf("%s %d", reason, n))
		total += n
	}
	slices.Sort(counts)
	t.Logf("seed %d: %d chains, %d questions, %d agreements: %s", *seed, *chains, total+c.disagreed, total, strings.Join(counts, ", "))
	if *only >= 0 || *chains < 400 {
		return
	}
	for _, reason := range []openssl.Reason{
		openssl.OK, openssl.NoAnchor, openssl.Expired, openssl.NotYetValid, openssl.Revoked, openssl.CRLExpired, openssl.CRLNotYetValid,
		openssl.CRLBadSig, openssl.WrongPurpose, openssl.NotACA, openssl.PathLength, openssl.NameConstraint, openssl.BadSignature,
		openssl.WeakKey, openssl.Unreadable,
	} {
		if c.agreed[reason] == 0 {
			t.Errorf("no case ended with %s: %v", reason, counts)
		}
	}
}

// random makes the chains. Its names have its tag in them, so that many draws can
// share a trust directory.
type random struct {
	*rand.Rand
	t     *testing.T
	tag   string
	theme theme
	keys  []string // those to come
	store files
	log   strings.Builder
}

// theme is what a draw is mostly about: a chain with faults everywhere seldom gets
// as far as its names.
type theme int

const (
	faults theme = iota // of certificates, here and there
	names               // name constraints
	lists               // CRLs and distribution points
	places              // the trust directory
	themes
)

// drawn is the draw of a number. It depends on nothing else.
func drawn(t *testing.T, seed, number uint64) draw {
	r := &random{
		Rand: rand.New(rand.NewPCG(seed, number)), t: t, tag: fmt.Sprint(number),
		theme: theme(number % uint64(themes)), store: files{},
		keys: []string{"p256-1", "p256-2", "p256-3", "p384", "rsa1", "rsa2", "rsa3", "rsa4"},
	}
	r.Shuffle(len(r.keys), func(i, j int) { r.keys[i], r.keys[j] = r.keys[j], r.keys[i] })
	chain := r.chain()
	return draw{store: r.store, chain: chain, log: r.log.String()}
}

// one says yes once in n times.
func (r *random) one(n int) bool { return r.IntN(n) == 0 }

// in says yes once in n times if the draw is of the theme, else seldom.
func (r *random) in(th theme, n int) bool {
	if r.theme != th {
		n *= 12
	}
	return r.one(n)
}

func (r *random) key() string {
	key := r.keys[0]
	r.keys = append(r.keys[1:], key)
	return key
}

func pick[T any](r *random, list ...T) T { return list[r.IntN(len(list))] }

// file puts a file into the trust directory.
func (r *random) file(name string, data []byte) {
	fmt.Fprintf(&r.log, "  file %s, %d bytes, %q\n", name, len(data), data[:min(12, len(data))])
	r.store[name] = data
}
