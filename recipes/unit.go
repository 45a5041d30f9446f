package recipes

import (
	"errors"
	"fmt"
	"strings"
)

const unitDir = "/etc/systemd/system"

// check admits only what systemd takes literally, so that no unit needs
// quoting: these values come from recipes. The directories that the program
// writes come from the site, and are quoted.
func (a InstallTimer) check() error {
	for _, text := range []string{a.Description, a.Exec, a.Every, a.Jitter, a.Watch, a.Limit} {
		if strings.ContainsAny(text, "\n\r\x00%$\\\"'") {
			return fmt.Errorf("unit %s: %q needs quoting", a.Unit, text)
		}
	}
	err := errors.Join(checkUnit(a.Unit), checkPath(a.Exec))
	if a.Watch != "" {
		err = errors.Join(err, checkPath(a.Watch))
	}
	for _, dir := range a.Writes {
		err = errors.Join(err, checkPath(dir))
	}
	return err
}

func (a InstallTimer) steps() []Action {
	unit := func(suffix, text string) Action {
		return WriteFile{Path: unitDir + "/" + a.Unit + suffix, Content: []byte(text), Mode: 0o644}
	}
	steps := []Action{
		unit(".service", a.service()),
		unit(".timer", "[Unit]\nDescription="+a.Description+"\n\n"+
			"[Timer]\nOnBootSec=5min\nOnUnitActiveSec="+a.Every+"\nRandomizedDelaySec="+a.Jitter+"\n\n[Install]\nWantedBy=timers.target\n"),
	}
	enable := []Action{Enable{Unit: a.Unit + ".timer"}}
	if a.Watch != "" {
		steps = append(steps, unit(".path", "[Unit]\nDescription="+a.Description+"\n\n"+
			"[Path]\nPathChanged="+a.Watch+"\n\n[Install]\nWantedBy=paths.target\n"))
		enable = append(enable, Enable{Unit: a.Unit + ".path"})
	}
	steps = append(steps, Run{Argv: []string{"systemctl", "daemon-reload"}, Why: "make systemd read the new units", OnChange: true})
	return append(steps, enable...)
}

// closedIn is what every program of a timer does without. All of it is known to
// systemd 252 (Debian 12, RHEL 9); systemd.exec(5).
const closedIn = `NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
UMask=0022
LimitCORE=0
MemoryMax=512M
MemorySwapMax=0
TasksMax=16
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
`

// service is the unit that runs the program: closed in but for what it needs.
func (a InstallTimer) service() string {
	var b strings.Builder
	b.WriteString("[Unit]\nDescription=" + a.Description + "\n")
	if a.Network {
		b.WriteString("Wants=network-online.target\nAfter=network-online.target\n")
	}
	b.WriteString("StartLimitIntervalSec=0\n\n[Service]\nType=oneshot\nExecStart=" + a.Exec + "\nTimeoutStartSec=" + a.Limit + "\n" + closedIn)
	b.WriteString(a.writes())
	if a.Network {
		b.WriteString("RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n")
	} else {
		b.WriteString("PrivateNetwork=yes\nRestrictAddressFamilies=none\nIPAddressDeny=any\nProcSubset=pid\n")
	}
	if a.Drops {
		b.WriteString("# It changes to the users that do the work, and ends what they do not end.\n" +
			"CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL\nRuntimeDirectory=arclint\nRuntimeDirectoryPreserve=yes\n" +
			"SystemCallFilter=@system-service\nSystemCallFilter=~@keyring @aio @memlock\n")
	} else {
		b.WriteString("CapabilityBoundingSet=\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged @keyring @aio @memlock\n")
	}
	return b.String()
}

// writes lets the program write where it must. For a directory that cannot be
// named in a unit only the system is protected.
func (a InstallTimer) writes() string {
	var b strings.Builder
	system, home := "strict", "yes"
	for _, dir := range a.Writes {
		if inHome(dir) {
			home = "read-only"
		}
		word, ok := unitWord("-" + dir)
		if ok {
			b.WriteString("ReadWritePaths=" + word + "\n")
		} else {
			system = "full"
		}
	}
	return "ProtectSystem=" + system + "\nProtectHome=" + home + "\n" + b.String()
}

// inHome says whether ProtectHome= would hide the directory.
func inHome(dir string) bool {
	for _, home := range []string{"/home", "/root", "/run/user"} {
		if dir == home || strings.HasPrefix(dir, home+"/") {
			return true
		}
	}
	return false
}

// unitWord quotes a word for a list of paths in a unit: systemd.syntax(7),
// "Quoting", and systemd.unit(5), "Specifiers". In such a list systemd keeps
// backslashes as they are, so a word with a quotation mark cannot be written.
func unitWord(word string) (quoted string, ok bool) {
	if strings.ContainsAny(word, "\n\r\"\\") {
		return "", false
	}
	escaped := strings.ReplaceAll(word, "%", "%%")
	if strings.ContainsAny(word, " \t'") {
		return `"` + escaped + `"`, true
	}
	return escaped, true
}
