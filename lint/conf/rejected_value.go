package conf

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var rejectedValue = &lint.Rule{
	ID:    "conf/rejected-value",
	Title: "A-REX cannot read a value and does not start",
	Why: "A-REX is strict with a few options, and gives up on its whole configuration. Examples are one wrong word in sessiondir, " +
		"a maxjobs with fewer than five numbers, and a norootpower that is neither yes nor no. `arcctl config verify` does not know all of them, and its result stops nothing.",
	Source: "S617 and S72 src/services/a-rex/grid-manager/conf/CoreConfig.cpp, CacheConfig.cpp, StagingConfig.cpp, jobs/ContinuationPlugins.cpp; src/services/a-rex/arc-arex-ws-start.in; src/services/data-staging/arc-datadelivery-service-start.in; " +
		"the values of [arex/cache/cleaner] and [arex/data-staging] tried with gm-jobs of 6.17.0 and 7.2.0",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the value in the form that the finding names, such as these:

    [arex]
    maxjobs=10000 -1 2000 -1 -1
    defaultttl=604800 2592000
    sessiondir=/var/spool/arc/sessiondir

    [arex/cache]
    cachedir=/var/cache/arc

    [arex/cache/cleaner]
    cachesize=80 70

If secure=no is beside allowed_dn, remove secure=no: with it the service asks
no client for a certificate.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			form := wanted(b.Kind, o.Name.Text, o.Value.Text)
			if form == "" || o.Value.Text == "" || spokenOfElsewhere(b.Kind, o) {
				continue
			}
			f := r.At(o.Value.Span, "%s cannot be %q", o.Name.Text, o.Value.Text).
				Do("Write %s.", form).About(b.Name + " " + o.Name.Text + " " + o.Value.Text)
			unread(b.Kind).on(f)
			if n := len(strings.Fields(o.Value.Text)); o.Name.Text == "maxjobs" && n < 5 && areNumbers(o.Value.Text, n) {
				f.Headlined("maxjobs needs five numbers, and has %s", []string{"none", "one", "two", "three", "four"}[n])
			}
		}
		checkCallouts(s, r)
		checkCleaner(s, r)
		checkInsecure(s, r)
	},
}

// checkCallouts: INLRMS came with ARC 7.
func checkCallouts(s *site.Site, r *lint.Reporter) {
	if s.Release.CalloutInLRMS {
		return
	}
	for _, o := range s.Conf.Block("arex").All("statecallout") {
		if state, _ := nextWord(o.Value.Text); state == "INLRMS" && isCallout(o.Value.Text) {
			r.At(o.Value.Span, "statecallout names the state INLRMS, which ARC %s does not have", s.Release.Measured).
				Means(doesNotStart).Do("Name SUBMIT, the state before it, or FINISHING.").
				About("arex statecallout " + o.Value.Text).Stopping(true)
		}
	}
}

// checkCleaner: A-REX of ARC 6 needs the first number of cachesize to be larger
// than the second, and its own default is 100 100; ARC 7 lets them be equal.
func checkCleaner(s *site.Site, r *lint.Reporter) {
	b := s.Conf.Block("arex/cache/cleaner")
	if b == nil || s.Release.EqualCacheSizes {
		return
	}
	o := b.First("cachesize")
	if o == nil {
		r.At(b.Header().Span, "[%s] has no cachesize", b.Name).
			Means("A-REX of ARC 6 rejects its own default, 100 100, and the service does not start.").Do("Write a cachesize, such as 80 70.").
			About(b.Name + " cachesize").Stopping(true)
		return
	}
	if words := strings.Fields(o.Value.Text); len(words) == 2 && words[0] == words[1] && isCacheSize(o.Value.Text) {
		r.At(o.Value.Span, "the two numbers of cachesize are equal").
			Means(doesNotStart).Do("Write two percentages, the larger first.").
			About(b.Name + " cachesize").Stopping(true)
	}
}

// checkInsecure: the start script of the data delivery service allows no DNs
// where no client shows a certificate.
func checkInsecure(s *site.Site, r *lint.Reporter) {
	b := s.Conf.Block("datadelivery-service")
	secure, dn := b.First("secure"), b.First("allowed_dn")
	if secure == nil || dn == nil || secure.Value.Text != "no" || dn.Value.Text == "" {
		return
	}
	r.At(dn.Name.Span, "allowed_dn cannot be set beside secure=no").
		Means("The data delivery service does not start.").Do("Remove one of the two lines.").
		About(b.Name+" allowed_dn").Relate(secure.Value.Span, "secure is no")
}

// spokenOfElsewhere: a comment or quotes that spoil a good value are the
// business of inline-comment and quoted-value.
func spokenOfElsewhere(kind string, o *arcconf.Option) bool {
	if comment, ok := o.InlineComment(); ok && wanted(kind, o.Name.Text, before(o, comment).Text) == "" {
		return true
	}
	inner, ok := o.Enclosed()
	return ok && wanted(kind, o.Name.Text, inner.Text) == ""
}

// wanted says what A-REX and its start scripts need of an option where they
// would give up on this value; "" where they can read it. "Write" goes before it.
func wanted(kind, option, value string) string {
	if strings.Contains(value, "$") {
		return "" // not known before ARC has evaluated it
	}
	first, rest := nextWord(value)
	switch kind + " " + option {
	case "arex norootpower", "arex usetokenforvoms", "arex/ws/jobs allownew":
		return unless(first == "yes" || first == "no", "yes or no")
	case "arex fixdirectories":
		return unless(first == "yes" || first == "missing" || first == "no", "yes, missing or no")
	case "arex delegationdb":
		return unless(first == "sqlite" || first == "bdb", "sqlite or bdb")
	case "arex/cache/cleaner calculatesize":
		return unless(first == "filesystem" || first == "cachedir", "filesystem or cachedir")
	case "arex wakeupperiod", "arex maxrerun", "arex/ws/jobs maxjobdesc", "arex/jura urdelivery_frequency":
		return unless(isNumber(first), "a number")
	case "arex defaultttl":
		second, _ := nextWord(rest)
		return unless(isNumber(first) && (second == "" || isNumber(second)), "one or two numbers of seconds")
	case "arex maxjobs":
		return unless(areNumbers(value, 5), "five numbers")
	case "arex/cache/cleaner cachesize":
		return unless(value == "" || isCacheSize(value), "two percentages from 0 to 100, the larger first")
	case "arex/cache/cleaner logfile":
		return unless(len(value) > 1 && path.IsAbs(value) && !strings.HasSuffix(value, "/"), "the absolute path of a file")
	case "arex/cache/cleaner loglevel":
		return unless(isNumber(first) || isLogLevel(first), "a log level, as a number from 0 to 5 or as its name in capitals")
	case "arex/cache/cleaner cachecleantimeout":
		return unless(value == "" || isNumber(first), "a number of seconds")
	case "arex/data-staging maxdelivery", "arex/data-staging maxprocessor", "arex/data-staging maxemergency", "arex/data-staging maxtransfertries",
		"arex/data-staging maxcachedconnections", "arex/data-staging remotesizelimit":
		return unless(isNumber(first), "a number")
	case "arex/data-staging maxprepared":
		return unless(isNumber(first) && first[0] != '-' && strings.Trim(first, "+0") != "", "a number over 0")
	case "arex/data-staging speedcontrol":
		return unless(value == "" || areNumbers(value, 4), "four numbers, or leave the value empty")
	case "arex/data-staging sharepriority":
		second, _ := nextWord(rest)
		return unless(isNumber(second) && second[0] != '-' && strings.Trim(second, "+0") != "", "the name of a share and a number over 0")
	case "arex statecallout":
		return unless(isCallout(value), "a state, its options and a command")
	case "arex helper":
		return unless(first == "." && strings.TrimSpace(rest) != "", "a dot and a command")
	case "arex sessiondir":
		return unless(first != "" && (rest == "" || rest == "drain"), "a directory, and nothing after it but one blank and drain")
	case "arex/cache cachedir":
		return unless(isCacheDir(first) && isCacheLink(rest), "an absolute path without .. in it, and nothing after it but another such path, a dot, drain or readonly")
	case "arex/ws wsurl":
		return unless(strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://"), "a URL that begins with https://")
	case "lrms lrms", "arex controldir", "arex mail", "arex forcedefaultvoms", "arex pidfile", "arex/ws pidfile", "arex/jura logfile",
		"queue forcedefaultvoms", "queue advertisedvo", "infosys/cluster advertisedvo":
		return unless(value != "", "a value")
	}
	return ""
}

func unless(good bool, want string) string {
	if good {
		return ""
	}
	return want
}

// nextWord cuts a value as ConfigIni::NextArg does: of the blanks behind the
// word only the first is taken away.
func nextWord(value string) (word, rest string) {
	value = strings.TrimLeft(value, " \t")
	i := strings.IndexAny(value, " \t")
	if i < 0 {
		return value, ""
	}
	return value[:i], value[i+1:]
}

func isNumber(word string) bool {
	_, err := strconv.ParseInt(word, 10, 64)
	return err == nil
}

// areNumbers looks at the first n words: what stands behind them is not read.
func areNumbers(value string, n int) bool {
	words := strings.Fields(value)
	return len(words) >= n && !slices.ContainsFunc(words[:n], func(w string) bool { return !isNumber(w) })
}

func isLogLevel(word string) bool {
	return slices.Contains([]string{"FATAL", "ERROR", "WARNING", "INFO", "VERBOSE", "DEBUG"}, word)
}

func isCacheSize(value string) bool {
	words := strings.Fields(value)
	if len(words) < 2 {
		return false
	}
	most, err1 := strconv.Atoi(words[0])
	least, err2 := strconv.Atoi(words[1])
	return err1 == nil && err2 == nil && 0 <= least && least <= most && most <= 100
}

func isCacheDir(dir string) bool {
	return dir == "" || path.IsAbs(dir) && !strings.Contains(dir, "..")
}

func isCacheLink(rest string) bool {
	link, _ := nextWord(rest)
	return link == "." || link == "drain" || link == "readonly" || isCacheDir(link)
}
