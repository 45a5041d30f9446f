package sandbox

import (
	"fmt"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	kernel "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// readOnly is what may be done below the directories: nothing is run from there.
const readOnly = landlock.AccessFSSet(kernel.AccessFSReadFile | kernel.AccessFSReadDir)

// tcpABI is the first version of Landlock that knows of connections (kernel 6.7).
const tcpABI = 4

// Enter confines this process and all its threads for good. What is open stays
// open; from now on, only what stands below the directories opens, for reading.
// A kernel that cannot do a part of it does the rest: Held says which.
func Enter(dirs ...string) Held {
	var held Held
	var missing []string
	abi, err := kernel.LandlockGetABIVersion()
	if err != nil || abi < 1 {
		missing = append(missing, "this kernel has no Landlock")
	} else if err := landlock.V7.BestEffort().Restrict(landlock.PathAccess(readOnly, dirs...)); err != nil {
		missing = append(missing, fmt.Sprintf("Landlock: %v", err))
	} else {
		held.Files, held.Network = true, abi >= tcpABI
	}
	if err := filter(); err != nil {
		missing = append(missing, fmt.Sprintf("seccomp: %v", err))
	} else {
		held.Programs = true
	}
	held.Missing = strings.Join(missing, "; ")
	return held
}
