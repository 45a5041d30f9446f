package recipes_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// fault is what happens at one of the system calls by which a program and its
// children change files: the call fails, or everything is killed there.
type fault struct {
	at   int // the number of the call, from 1; 0: nothing happens
	kind string
}

// faultKinds: a disk that is full, read-only or broken; kill -9, Ctrl-C and kill;
// and a power cut, after which files hold nothing that was not synced.
var faultKinds = []string{"ENOSPC", "EROFS", "EIO", "KILL", "INT", "TERM", "POWER"}

var faultErrors = map[string]syscall.Errno{"ENOSPC": syscall.ENOSPC, "EROFS": syscall.EROFS, "EIO": syscall.EIO}

// changing are the system calls that count, besides those which open a file for
// writing or write to one.
var changing = map[uint64]string{
	74: "fsync", 75: "fdatasync", 76: "truncate", 77: "ftruncate", 82: "rename", 83: "mkdir", 84: "rmdir", 86: "link", 87: "unlink",
	88: "symlink", 90: "chmod", 91: "fchmod", 92: "chown", 93: "fchown", 94: "lchown", 188: "setxattr", 189: "lsetxattr", 190: "fsetxattr",
	258: "mkdirat", 260: "fchownat", 263: "unlinkat", 264: "renameat", 265: "linkat", 266: "symlinkat", 268: "fchmodat", 280: "utimensat",
	306: "syncfs", 316: "renameat2", 452: "fchmodat2",
}

// writing are those which write to a file, with the argument that names it.
var writing = map[uint64]func(*syscall.PtraceRegs) uint64{
	1: first, 18: first, 20: first, 40: first, 326: func(r *syscall.PtraceRegs) uint64 { return r.Rdx },
}

func first(r *syscall.PtraceRegs) uint64 { return r.Rdi }

// tracer runs one program.
type tracer struct {
	fault  fault
	leader int
	calls  int
	names  []string        // of the calls that count
	inside map[int]bool    // processes that are in a system call
	answer map[int]uint64  // what such a call will have returned
	opened map[int]bool    // processes that are opening a file for writing
	synced map[int]string  // the file that a process is syncing
	dirty  map[string]bool // files that were opened for writing since they were last on the disk
	status syscall.WaitStatus
}

// traced runs argv with the fault, and gives the calls that counted and whether
// it ended well. With the kind POWER, what was not synced is lost afterwards.
func traced(t testing.TB, f fault, output *os.File, env []string, argv ...string) (names []string, ok bool) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	p, err := os.StartProcess(argv[0], argv, &os.ProcAttr{
		Env: env, Files: []*os.File{null, output, output}, Sys: &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	tr := tracer{
		fault: f, leader: p.Pid, inside: map[int]bool{}, answer: map[int]uint64{}, opened: map[int]bool{},
		synced: map[int]string{}, dirty: map[string]bool{},
	}
	if err := tr.follow(); err != nil {
		t.Fatal(err)
	}
	if f.kind == "POWER" && f.at > 0 {
		for file := range tr.dirty {
			if info, err := os.Lstat(file); err == nil && info.Mode().IsRegular() {
				if err := os.Truncate(file, 0); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return tr.names, tr.status.Exited() && tr.status.ExitStatus() == 0
}

// follow waits for one process after the other until all have ended.
func (tr *tracer) follow() error {
	const options = syscall.PTRACE_O_TRACESYSGOOD | syscall.PTRACE_O_TRACEFORK | syscall.PTRACE_O_TRACEVFORK | syscall.PTRACE_O_TRACECLONE |
		syscall.PTRACE_O_TRACEEXEC | 0x100000 // PTRACE_O_EXITKILL
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(tr.leader, &ws, syscall.WALL, nil); err != nil {
		return err
	}
	if err := syscall.PtraceSetOptions(tr.leader, options); err != nil {
		return err
	}
	seen := map[int]bool{tr.leader: true}
	pid, signal := tr.leader, 0
	for {
		// It may have been killed in between.
		_ = syscall.PtraceSyscall(pid, signal)
		var err error
		for pid, err = syscall.Wait4(-1, &ws, syscall.WALL|0x20000000, nil); err == syscall.EINTR; { // __WNOTHREAD
			pid, err = syscall.Wait4(-1, &ws, syscall.WALL|0x20000000, nil)
		}
		if err == syscall.ECHILD {
			return nil
		} else if err != nil {
			return err
		}
		signal = 0
		switch {
		case ws.Exited() || ws.Signaled():
			if pid == tr.leader {
				tr.status = ws
			}
			delete(tr.inside, pid)
			continue
		case !seen[pid] && ws.StopSignal() == syscall.SIGSTOP:
			seen[pid] = true // a new process
		case ws.StopSignal() == syscall.SIGTRAP|0x80:
			if err := tr.call(pid); err != nil && err != syscall.ESRCH {
				return err
			}
		case ws.StopSignal() != syscall.SIGTRAP:
			signal = int(ws.StopSignal())
		}
	}
}

// call is told of each system call twice.
func (tr *tracer) call(pid int) error {
	var r syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(pid, &r); err != nil {
		return err
	}
	tr.inside[pid] = !tr.inside[pid]
	if !tr.inside[pid] {
		return tr.leave(pid, &r)
	}
	name := tr.counts(pid, &r)
	if name == "" {
		return nil
	}
	tr.calls++
	tr.names = append(tr.names, name)
	if tr.calls != tr.fault.at {
		return nil
	}
	if errno, ok := faultErrors[tr.fault.kind]; ok {
		tr.answer[pid] = -uint64(errno)
		r.Orig_rax = ^uint64(0)
		return syscall.PtraceSetRegs(pid, &r)
	}
	switch tr.fault.kind {
	case "INT":
		return syscall.Kill(-tr.leader, syscall.SIGINT)
	case "TERM":
		return syscall.Kill(tr.leader, syscall.SIGTERM)
	}
	return syscall.Kill(-tr.leader, syscall.SIGKILL)
}

// leave gives a call its answer, and notes what is on the disk.
func (tr *tracer) leave(pid int, r *syscall.PtraceRegs) error {
	if answer, ok := tr.answer[pid]; ok {
		delete(tr.answer, pid)
		delete(tr.opened, pid)
		delete(tr.synced, pid)
		r.Rax = answer
		return syscall.PtraceSetRegs(pid, r)
	}
	if file, ok := tr.synced[pid]; ok && int64(r.Rax) == 0 {
		delete(tr.dirty, file)
	}
	if tr.opened[pid] && int64(r.Rax) >= 0 {
		if file := fileOf(pid, r.Rax); file != "" {
			tr.dirty[file] = true
		}
	}
	delete(tr.opened, pid)
	delete(tr.synced, pid)
	return nil
}

// counts gives the name of a call that changes files, "" for others.
func (tr *tracer) counts(pid int, r *syscall.PtraceRegs) string {
	flags := uint64(0)
	switch nr := r.Orig_rax; {
	case nr == 2:
		flags = r.Rsi
	case nr == 257:
		flags = r.Rdx
	case writing[nr] != nil:
		if file := fileOf(pid, writing[nr](r)); file != "" {
			return "write " + file
		}
		return ""
	default:
		if nr == 74 || nr == 75 {
			tr.synced[pid] = fileOf(pid, r.Rdi)
		}
		return changing[nr]
	}
	if flags&(syscall.O_WRONLY|syscall.O_RDWR|syscall.O_CREAT|syscall.O_TRUNC) == 0 {
		return ""
	}
	at := r.Rdi
	if r.Orig_rax == 257 {
		at = r.Rsi
	}
	name := text(pid, at)
	if strings.HasPrefix(name, "/dev/") {
		return ""
	}
	tr.opened[pid] = true
	return "open " + name
}

// fileOf is the path of an open regular file, "" for a pipe, a terminal and such.
func fileOf(pid int, fd uint64) string {
	file, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, int32(fd)))
	if err != nil || !strings.HasPrefix(file, "/") || strings.HasPrefix(file, "/dev/") {
		return ""
	}
	return file
}

// text reads a C string of a process.
func text(pid int, at uint64) string {
	var b [1024]byte
	n, _ := syscall.PtracePeekData(pid, uintptr(at), b[:])
	s, _, _ := strings.Cut(string(b[:n]), "\x00")
	return s
}
