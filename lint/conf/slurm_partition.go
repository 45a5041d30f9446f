package conf

import (
	"maps"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var slurmPartition = &lint.Rule{
	ID:    "conf/slurm-partition",
	Title: "A queue is not a partition of Slurm",
	Why: "A-REX hands each job to sbatch with the name of its queue as the partition. Slurm refuses a job for a partition that it does not have, " +
		"so the CE accepts each job of that queue, and the job fails. Slurm needs the same slurm.conf on all hosts of a cluster, so the one here has all partitions. " +
		"Names are compared with regard to case. On a host without slurm.conf, which gets it from the controller, the rule is silent.",
	Source:   "S72 src/services/a-rex/lrms/slurm/submit-SLURM-job.in (#SBATCH -p); slurm.conf(5) PartitionName; sbatch(1) --partition; not measured",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Effect:   "The CE accepts jobs for this queue, and each of them fails.",
	Action:   "Give the block the name of a partition.",
	Recipe:   lint.Manual,
	ByHand: `See which partitions Slurm has:

    grep -i ^PartitionName /etc/slurm/slurm.conf

Give the block the name of one, in the access lists of clients too:

    [queue:grid]
    comment=Jobs of the grid

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if s.Slurm == nil || len(s.Slurm.Partitions) == 0 {
			return
		}
		names := slices.Sorted(maps.Keys(s.Slurm.Partitions))
		for _, q := range s.Conf.Kind("queue") {
			if _, known := s.Slurm.Partitions[q.ID]; known || q.ID == "" || choosesPartition(s, q) {
				continue
			}
			if s.Slurm.Unknown != "" {
				r.Skip("it is not known whether queue %s is a partition of Slurm: %s", q.ID, s.Slurm.Unknown)
				continue
			}
			f := r.At(q.Header().Span, "queue %s is not a partition of Slurm", q.ID).About(q.ID)
			if len(names) <= maxCompared {
				f.DidYouMean(q.ID, names)
			}
			f.RelatePath(s.Slurm.Path, "has the partitions %s", strings.Join(names[:min(len(names), maxPartitions)], " "))
		}
	},
}

// Bounds of how many partitions a finding names, and of how many are compared with a
// name.
const (
	maxPartitions = 8
	maxCompared   = 200
)

// choosesPartition says whether the options that a site adds for sbatch name a
// partition, which then counts.
func choosesPartition(s *site.Site, q *arcconf.Block) bool {
	for _, b := range []*arcconf.Block{q, s.Conf.Block("lrms")} {
		for _, o := range b.All("slurm_requirements") {
			if strings.Contains(o.Value.Text, "-p") {
				return true
			}
		}
	}
	return false
}
