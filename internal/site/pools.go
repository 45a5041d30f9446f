package site

import (
	"path"

	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

const maxPools = 64 // pools that are read; more than any site has

// readPools reads the directories of map_to_pool. All behind the authgroup is
// the path, blanks included (mapgroup in unixmap.cpp).
func (s *Site) readPools(fsys rootfs.FS) {
	reader := gridsec.NewReader(fsys)
	for _, m := range s.Access.MapRules(authgroup.MapToPool) {
		if len(s.Pools) == maxPools {
			return
		}
		dir := m.Target.Text
		if path.IsAbs(dir) && s.Pool(dir) == nil {
			s.Pools = append(s.Pools, reader.Pool(dir))
		}
	}
}

// Pool is the pool of accounts in a directory, as arc.conf names it; nil for
// one that was not read.
func (s *Site) Pool(dir string) *gridsec.Pool {
	for _, p := range s.Pools {
		if p.Dir == dir {
			return p
		}
	}
	return nil
}
