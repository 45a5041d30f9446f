package arcref

import "strings"

// Migration says what to do about a block (option empty) or an option that
// later releases do not know, as a phrase without a period. It is empty for
// everything else. block may be full, as in Reference.Block.
//
// Sources: the difference of the references, arc.conf.DELETED of ARC 7, and
// what the releases were measured to do.
func (h History) Migration(block, option string) string {
	block, _, _ = strings.Cut(block, ":")
	block = strings.TrimSpace(block)
	for _, r := range h {
		if m, ok := r.Block(block).movedTo(option); ok && m.Block != block {
			return "write it as " + m.Option + " in [" + m.Block + "]"
		}
	}
	switch block + " " + option {
	case "authgroup userlist":
		return "use file= with a list of subjects, or voms=: ARC 7 drops the userlist blocks, so that the rule never matches" // arc-behaviour B7
	case "arex/data-staging use_remote_acix":
		return "remove the option: the cache index service is gone"
	case "gridftpd/jobs allowaccess", "gridftpd/jobs denyaccess":
		return "move it to [arex/ws/jobs]; without any allowaccess there ARC 7 lets nobody in" // arc-behaviour B1
	case "gridftpd/jobs allownew", "gridftpd/jobs allownew_override", "gridftpd/jobs maxjobdesc":
		return "move it to [arex/ws/jobs]"
	case "arex/ws/publicinfo allowaccess", "arex/ws/publicinfo denyaccess":
		return "move it to [infosys/accesscontrol]"
	}
	if _, gone := h.RemovedIn(block, ""); gone {
		return blockMigration(block)
	}
	return ""
}

func blockMigration(block string) string {
	switch block {
	case "authtokens":
		return "remove the block: ARC 7 always reads tokens"
	case "lrms/ssh":
		return "remove the block: the slurmpy back-end that used it is gone, use lrms=slurm on a host that can submit"
	case "arex/ws/publicinfo":
		return "remove the block: ARC 7 always publishes, and [infosys/accesscontrol] with allowaccess or denyaccess says to whom"
	case "arex/ws/argus":
		return "remove the block and express the policy in authgroups, or ask Argus from a plugin= rule: ARC 7 does not ask it"
	case "gridftpd":
		return "remove the block and the package nordugrid-arc-gridftpd, which does not work with ARC 7: jobs come by REST only, [arex/ws/jobs]"
	case "gridftpd/jobs":
		return "remove the block and copy allowaccess, denyaccess and allownew to [arex/ws/jobs]; without any allowaccess there ARC 7 lets nobody in"
	case "gridftpd/filedir":
		return "remove the block: ARC 7 serves no directories, another storage service has to"
	case "infosys/glue1", "infosys/glue1/site-bdii":
		return "remove the block: ARC 7 does not publish GLUE 1, [infosys/glue2] says the same in GLUE 2"
	case "acix-scanner", "acix-index":
		return "remove the block: the cache index service is gone"
	case "userlist":
		return "remove the block; use file= or voms= in [authgroup:name], and map_with_file in [mapping]"
	case "nordugridmap":
		return "remove the block; let another tool make the lists, and name them with file= in [authgroup:name]"
	case "arex/jura/archiving":
		return "remove the block: the accounting database has replaced the archive of records"
	}
	return ""
}
