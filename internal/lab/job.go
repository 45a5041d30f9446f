//go:build lab

package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"arclint/fixtures/pki"
)

// LookAfterJobs starts A-REX, which moves jobs on, beside the REST service, and leaves
// it running.
func (c *CE) LookAfterJobs() bool { return c.inCE(startsJobs) == nil }

// inCE runs a shell script inside the CE for a minute at most.
func (c *CE) inCE(script string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := c.Command(ctx, "sh", "-c", script)
	cmd.WaitDelay = time.Second // a daemon keeps the pipe
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%w: %s", err, script)
	}
	return nil
}

// Own gives a file or a directory of the CE to a user and the group of his number.
func (c *CE) Own(name string, uid int) error {
	return c.files.Lchown(inside(name), uid, uid)
}

// ended waits for the end of the only job, and fails with 3 where the job did.
const ended = `cd /var/spool/arc/jobstatus
for n in $(seq 150); do
	sleep 0.2
	find . -name '*failed' -type f | grep -q . && exit 3
	grep -rqs --include='*errors' 'FINISHING -> FINISHED' . && break
	grep -rqsx --include='job.*.status' FINISHED . && break
	[ $n = 150 ] && exit 4
done
find . -name '*failed' -type f | grep -q . && exit 3
exit 0`

// JobOutcome submits a job to a queue, or with "" to none, and says what becomes of it:
// the status of a request that is refused, "refused: " and why for a job that is,
// "finished" or "failed" for one that A-REX looks after. It is an error where the CE
// does not answer, or the job does not end.
func (c *CE) JobOutcome(chain []*pki.Entity, queue string) (string, error) {
	job := `&(executable="/bin/true")`
	if queue != "" {
		job += fmt.Sprintf("(queue=%q)", queue)
	}
	a := c.ask(request{chain: chain, job: job})
	switch {
	case a.Status == 0:
		return "", errors.New(a.Refusal)
	case a.Status != 201:
		return fmt.Sprint("status ", a.Status), nil
	case !a.Job:
		return "refused: " + a.Reason, nil
	}
	var exit *exec.ExitError
	switch err := c.inCE(ended); {
	case err == nil:
		return "finished", nil
	case errors.As(err, &exit) && exit.ExitCode() == 3:
		return "failed", nil
	default:
		return "", err
	}
}

// reasonOfJob reads why a job was not taken: 6.x answers with one job, 7.x with a list.
func reasonOfJob(body []byte) string {
	type answer struct{ Reason string }
	var many struct{ Job []answer }
	var one struct{ Job answer }
	switch {
	case json.Unmarshal(body, &many) == nil && len(many.Job) == 1:
		return many.Job[0].Reason
	case json.Unmarshal(body, &one) == nil:
		return one.Job.Reason
	}
	return strings.TrimSpace(string(body))
}
