//go:build lab

package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"arclint/internal/rootfs"
)

// CE is a computing element in namespaces of its own: what it writes goes to an
// overlay in memory, and everything ends with Close.
type CE struct {
	Suite
	Port int

	holder *exec.Cmd
	init   int      // the first process of its namespaces, as seen from outside
	root   string   // the CE's root directory inside the namespaces
	files  *os.Root // the same from outside: no link leads out of it
	copied []string // what Copy wrote since the last Clean
}

// hold makes the CE's root at $1 above the chroot $2 and keeps it. As the first
// process it reaps those that have ended.
const hold = `set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
echo ready
sleep infinity &
while :; do wait; done`

// Open makes a CE above a chroot. It is not started yet.
func Open(s Suite, chroot string) (*CE, error) {
	at, err := os.MkdirTemp("", "arclint-lab-")
	if err != nil {
		return nil, err
	}
	chroot, err = filepath.Abs(chroot)
	if err != nil {
		return nil, err
	}
	c := &CE{Suite: s, root: at + "/root"}
	c.holder = exec.Command("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
		"sh", "-c", hold, "hold", at, chroot)
	c.holder.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.holder.Stderr = os.Stderr
	out, err := c.holder.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.holder.Start(); err != nil {
		return nil, err
	}
	if ready, err := io.ReadAll(io.LimitReader(out, 6)); err != nil || string(ready) != "ready\n" {
		return nil, fmt.Errorf("the namespaces of a CE could not be made: %q, %w", ready, err)
	}
	if c.init, err = onlyChild(c.holder.Process.Pid); err != nil {
		return nil, err
	}
	if c.Port, err = FreePort(CEPorts); err != nil {
		return nil, err
	}
	if c.files, err = os.OpenRoot(c.Path("/")); err != nil {
		return nil, err
	}
	return c, c.furnish()
}

func onlyChild(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(data)))
}

// ports counts the ports that were tried.
var ports atomic.Int64

// Where the ports of CEs and of issuers begin. Both are below those that the
// kernel gives to connections: who starts again must find its own free.
const (
	CEPorts     = 20000
	IssuerPorts = 10000
)

// FreePort gives one of the 10000 ports that begin there.
func FreePort(begin int) (int, error) {
	// A program that starts now would keep a copy of the socket for a while.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	l, err := listen(begin)
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// listen is at one of the 10000 ports that begin there.
func listen(begin int) (net.Listener, error) {
	for range 1000 {
		port := begin + (os.Getpid()+int(ports.Add(1)))%10000
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return l, nil
		}
	}
	return nil, fmt.Errorf("no port of the 10000 from %d is free", begin)
}

// furnish takes away what the packages add to arc.conf, and what would make the
// start script compute for minutes.
func (c *CE) furnish() error {
	return errors.Join(
		c.Remove("/etc/arc.conf.d"),
		c.Write("/etc/hosts", "127.0.0.1 localhost ce.example.org issuer.example.org keys.example.org other.example.org\n", 0o644),
		c.Write("/var/spool/arc/jobstatus/dhparam.pem", DHParameters, 0o644),
		c.Mkdir("/var/spool/arc/sessiondir"),
		c.Mkdir("/var/log/arc"),
		c.Write("/usr/local/bin/systemctl", systemctl, 0o755),
	)
}

// Close ends all its processes and forgets what they wrote.
func (c *CE) Close() {
	c.files.Close()
	c.holder.Process.Kill() // and with it, by --kill-child, its namespaces
	c.holder.Wait()
	os.Remove(filepath.Dir(c.root))
}

// Path is where a file of the CE stands for processes outside. It is for
// reading: an absolute link in it leads to this machine's own files.
func (c *CE) Path(name string) string {
	return filepath.Join(fmt.Sprintf("/proc/%d/root", c.init), c.root, name)
}

// Write writes a file of the CE, and the directories above it.
func (c *CE) Write(name, text string, perm fs.FileMode) error {
	return errors.Join(
		c.Mkdir(filepath.Dir(name)),
		c.files.WriteFile(inside(name), []byte(text), perm),
		c.files.Chmod(inside(name), perm))
}

// Read reads a file of the CE.
func (c *CE) Read(name string) (string, error) {
	data, err := c.files.ReadFile(inside(name))
	return string(data), err
}

// Mkdir makes a directory of the CE and those above it.
func (c *CE) Mkdir(name string) error { return c.files.MkdirAll(inside(name), 0o755) }

// Chmod gives a file or a directory its mode, the sticky bit with it.
func (c *CE) Chmod(name string, mode fs.FileMode) error { return c.files.Chmod(inside(name), mode) }

// Remove removes a file or a directory of the CE with all that is in it.
func (c *CE) Remove(name string) error { return c.files.RemoveAll(inside(name)) }

// inside is a path as os.Root wants it.
func inside(name string) string { return filepath.Clean(strings.TrimLeft(name, "/")) }

// Copy writes a tree of the memory to the CE.
func (c *CE) Copy(tree rootfs.FS) error { return c.copyDir(tree, "/") }

func (c *CE) copyDir(tree rootfs.FS, dir string) error {
	entries, err := tree.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := c.copyEntry(tree, e); err != nil {
			return err
		}
	}
	return nil
}

func (c *CE) copyEntry(tree rootfs.FS, e rootfs.Info) error {
	if e.Mode.IsDir() {
		return errors.Join(c.Mkdir(e.Path), c.copyDir(tree, e.Path))
	}
	c.copied = append(c.copied, e.Path)
	if e.Mode&fs.ModeSymlink != 0 {
		target, err := tree.Readlink(e.Path)
		return errors.Join(err, c.files.Symlink(target, inside(e.Path)))
	}
	data, err := tree.ReadFile(e.Path, e.Size)
	return errors.Join(err, c.Write(e.Path, string(data), e.Mode.Perm()))
}

// Clean removes what Copy has written, and the directories that are given.
func (c *CE) Clean(dirs ...string) error {
	var errs []error
	for _, name := range append(c.copied, dirs...) {
		errs = append(errs, c.Remove(name))
	}
	c.copied = nil
	return errors.Join(errs...)
}

// Command is a command inside the CE.
func (c *CE) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "nsenter", append([]string{
		"-t", strconv.Itoa(c.init), "-m", "-p", "--", "chroot", c.root, name}, args...)...)
}

// The files that tell of the REST service.
const (
	pidFile = "/run/arched-arex-ws.pid"
	logFile = "/var/log/arc/ws-interface.log"
)

// How long a CE may take to listen (arched becomes a daemon before it does), how many
// such times where its process runs on, as on a machine under load, and how long it may
// then take to answer its first request.
const (
	startTimeout  = 15 * time.Second
	startTries    = 4
	answerTimeout = 5 * time.Second
)

// ErrNotStarted says that the CE refuses the configuration or does not come up.
var ErrNotStarted = errors.New("the CE does not start")

// ErrDeaf says that the CE runs and closes every connection.
var ErrDeaf = errors.New("the CE listens and answers nobody")

// Start starts the REST service with /etc/arc.conf as it is, and waits until it
// listens. The error is ErrNotStarted with what the start script said, or
// ErrDeaf.
func (c *CE) Start() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	var said bytes.Buffer
	cmd := c.Command(ctx, "/usr/bin/env", "ARC_CONFIG=/etc/arc.conf", "/usr/share/arc/arc-arex-ws-start")
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second // the daemon keeps the pipe
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%w: %w\n%s", ErrNotStarted, err, said.Bytes())
	}
	if c.comesUp() {
		// It listens before it can serve.
		if !c.waitFor(func() bool { return c.ask(request{}).Trusted() }, answerTimeout) {
			return ErrDeaf
		}
		return nil
	}
	return fmt.Errorf("%w within %s\n%s", ErrNotStarted, startTimeout, said.Bytes())
}

// comesUp waits until the CE listens, for longer where its process runs.
func (c *CE) comesUp() bool {
	for range startTries {
		if c.waitFor(c.listens, startTimeout) {
			return true
		}
		if !c.runs() {
			return false
		}
	}
	return false
}

func (c *CE) runs() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return c.Command(ctx, "sh", "-c", `pid=$(cat `+pidFile+` 2>/dev/null) && kill -0 "$pid"`).Run() == nil
}

// startsJobs starts A-REX as its unit does and ends with 0 where it says that it
// looks after jobs, or says nothing for ten seconds.
const startsJobs = `export ARC_CONFIG=/etc/arc.conf
log=$(/usr/lib/arc/arcconfig-parser --config "$ARC_CONFIG" -b arex -o logfile) && rm -f "$log"
file=$(/usr/share/arc/arc-arex-start --getpidfile) && /usr/share/arc/arc-arex-start || exit 1
for n in $(seq 50); do
	sleep 0.2
	grep -q "exiting Grid Manager thread" "$log" && exit 1
	grep -q "Starting jobs' monitoring" "$log" && break
done
`

// runsJobs fails too where A-REX does not run on, and ends it.
const runsJobs = startsJobs + `pid=$(cat "$file") && kill -9 "$pid"`

// RunsJobs says whether A-REX, the service that moves jobs on, starts with
// /etc/arc.conf as it is and stays.
func (c *CE) RunsJobs() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := c.Command(ctx, "sh", "-c", runsJobs)
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	return err == nil || errors.Is(err, exec.ErrWaitDelay)
}

func (c *CE) waitFor(ready func() bool, most time.Duration) bool {
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ready() {
			return true
		}
	}
	return false
}

func (c *CE) listens() bool {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", c.Port), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// Stop stops the REST service at once: there is nothing that it would have to
// finish.
func (c *CE) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := c.Command(ctx, "sh", "-c", `pid=$(cat `+pidFile+` 2>/dev/null) && kill -9 $pid && while kill -0 $pid 2>/dev/null; do sleep 0.02; done; rm -f /run/arched-* /tmp/arex.xml.* `+logFile).Run()
	if c.listens() {
		return errors.Join(err, fmt.Errorf("port %d still answers", c.Port))
	}
	return nil
}

// again starts what runs with the same command line and environment.
const again = `set -e
pid=$(cat ` + pidFile + `)
cat "/proc/$pid/environ" "/proc/$pid/cmdline" > /run/lab.again
kill -9 "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
rm -f ` + pidFile + ` ` + logFile + `
exec xargs -0 -a /run/lab.again env -i`

// Restart stops the REST service and starts it again as the start script did, so
// that it has forgotten what it had fetched. The script itself, which takes
// seconds, would read the same arc.conf.
func (c *CE) Restart() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var said bytes.Buffer
	cmd := c.Command(ctx, "sh", "-c", again)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second // the daemon keeps the pipe
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%w again: %w\n%s", ErrNotStarted, err, said.Bytes())
	}
	if !c.Await() {
		return fmt.Errorf("%w again\n%s", ErrNotStarted, said.Bytes())
	}
	return nil
}

// logged is how much the service has logged, in bytes.
func (c *CE) logged() int64 {
	info, err := os.Stat(c.Path(logFile))
	if err != nil {
		return 0
	}
	return info.Size()
}

// logSince is what the service has logged after that many bytes.
func (c *CE) logSince(offset int64) string {
	f, err := os.Open(c.Path(logFile))
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, offset, 1<<20))
	if err != nil {
		return ""
	}
	return string(data)
}

// systemctl stands in for systemd's, which does not run in a chroot: it restarts
// the REST service as Stop and Start do, and remembers which units are enabled.
// Timers do not fire: whoever asks what a timer does runs its program.
const systemctl = `#!/bin/sh
for unit; do :; done
case "$*" in
*try-restart*)
	pid=$(cat ` + pidFile + ` 2>/dev/null) || exit 0
	kill -9 "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
	rm -f /run/arched-*
	echo restarted >> /run/lab.restarts
	ARC_CONFIG=/etc/arc.conf exec /usr/share/arc/arc-arex-ws-start >/dev/null 2>&1 ;;
*is-enabled*|*is-active*) [ -e "/run/lab.enabled.$unit" ] ;;
enable*) : > "/run/lab.enabled.$unit" ;;
disable*) rm -f "/run/lab.enabled.$unit" ;;
esac
`

// Await waits until the service answers, after a restart that was not Start's.
func (c *CE) Await() bool {
	return c.waitFor(func() bool { return c.ask(request{}).Trusted() }, startTimeout)
}

// DHParameters are the 2048 bits of RFC 7919 appendix A.1 (ffdhe2048). Without
// them the start script computes some of its own for minutes.
const DHParameters = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`
