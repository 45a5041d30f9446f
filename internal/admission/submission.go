package admission

import (
	"slices"

	"arclint/internal/access"
)

// Submission says whether a new job is taken of the client of a decision: getting in is
// one question, and this another (arc-behaviour B2, J1). access, whoami and negtest
// say what it says.
func Submission(d access.Decision) Right {
	opens := slices.IndexFunc(d.Depends, func(on access.Dependency) bool { return on.Kind == access.OnSize || opensOtherwise(on) })
	switch {
	case !d.Allowed && opens < 0:
		return Right{State: No, Why: d.Reason}
	case d.NoJobs != "":
		return Right{State: No, Why: d.NoJobs}
	case !d.Allowed:
		return Right{State: Unknown, Why: d.Depends[opens].On}
	case d.SubmitHangs != "":
		return Right{State: Unknown, Why: d.SubmitHangs}
	case !d.Submits():
		return Right{State: No, Why: d.NotSubmits()}
	}
	if n := slices.IndexFunc(d.Depends, shutsOut); n >= 0 {
		return Right{State: Unknown, Why: d.Depends[n].On}
	}
	return Right{State: Yes}
}

// Submission is that of a decision, where a job was asked for, and where the service
// serves anybody; of what is not known it is unknown.
func (a Answer) Submission() (r Right, asked bool) {
	switch {
	case a.Operation != access.JobCreate:
		return Right{}, false
	case a.NoStart != nil:
		return Right{State: No, Why: "the service serves nobody"}, true
	case a.Unknown != "":
		return Right{State: Unknown, Why: a.Unknown}, true
	}
	return Submission(a.Decision), true
}
