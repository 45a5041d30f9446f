package main

import (
	"cmp"
	"fmt"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// published is a flag that may be repeated: a git repository that publishes .lsc
// files.
type published []publication

// publication is where a repository has them: below dir, in a folder for each VO, or
// all of one VO.
type publication struct {
	name, repo, dir, vo string
}

func (p *published) String() string { return fmt.Sprint(*p) }

func (p *published) Set(value string) error {
	parts := strings.Split(value, ",")
	if len(parts) == 3 {
		parts = append(parts, "")
	}
	if len(parts) != 4 {
		return fmt.Errorf("%q is not NAME,REPOSITORY,FOLDER[,VO]", value)
	}
	*p = append(*p, publication{name: parts[0], repo: parts[1], dir: parts[2], vo: parts[3]})
	return nil
}

// lsc is what a file of one server said from a day on.
type lsc struct {
	vo, host, server, ca string // server "": the file was removed
	since, source        string
}

// firstDay leaves out what was replaced before.
const firstDay = "2018-01-01"

// vomsTable lists what each VO has published for each server, newest first.
func vomsTable(from published) ([][]string, error) {
	files := map[[2]string][]lsc{}
	for _, p := range from {
		if err := p.history(files); err != nil {
			return nil, err
		}
	}
	return vomsRows(files), nil
}

// vomsRows are the rows of the table, below its header.
func vomsRows(files map[[2]string][]lsc) [][]string {
	rows := [][]string{{"vo", "host", "server", "ca", "since", "until", "source"}}
	for _, key := range sortedKeys(files) {
		until, seen := "", map[[2]string]bool{}
		for _, v := range newestFirst(files[key]) {
			if names := [2]string{v.server, v.ca}; v.server != "" && !seen[names] && (until == "" || until >= firstDay) {
				seen[names] = true
				rows = append(rows, []string{v.vo, v.host, v.server, v.ca, v.since, until, v.source})
			}
			until = v.since
		}
	}
	return rows
}

func sortedKeys(files map[[2]string][]lsc) [][2]string {
	var keys [][2]string
	for key := range files {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return keys
}

// newestFirst sorts by day; of one day the later commit, which history gives first,
// stays first.
func newestFirst(versions []lsc) []lsc {
	slices.SortStableFunc(versions, func(a, b lsc) int { return cmp.Compare(b.since, a.since) })
	return versions
}

// history adds each version of each file in each commit that touched one.
func (p publication) history(files map[[2]string][]lsc) error {
	log, err := p.git("log", "--format=commit %h %cs", "--name-status", "--no-renames", "--", p.dir)
	if err != nil {
		return err
	}
	var commit, day string
	for line := range strings.Lines(log) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 3 && fields[0] == "commit":
			commit, day = fields[1], fields[2]
		case len(fields) == 2 && path.Ext(fields[1]) == ".lsc":
			v := lsc{host: strings.TrimSuffix(path.Base(fields[1]), ".lsc"), vo: cmp.Or(p.vo, path.Base(path.Dir(fields[1]))),
				since: day, source: fmt.Sprintf("github %s %s @%s", p.name, fields[1], commit)}
			if fields[0] != "D" {
				if v.server, v.ca, err = p.names(commit, fields[1]); err != nil {
					return err
				}
			}
			key := [2]string{v.vo, v.host}
			files[key] = append(files[key], v)
		}
	}
	return nil
}

// names are those of a chain of two; both are "" for any other file, which is as
// good as none.
func (p publication) names(commit, file string) (server, ca string, err error) {
	text, err := p.git("show", commit+":"+file)
	if err != nil {
		return "", "", err
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "/") || !strings.HasPrefix(lines[1], "/") {
		return "", "", nil
	}
	return lines[0], lines[1], nil
}

func (p publication) git(args ...string) (string, error) {
	out, err := exec.Command("git", append([]string{"-C", p.repo}, args...)...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s in %s: %w", args[0], p.repo, err)
	}
	return string(out), nil
}
