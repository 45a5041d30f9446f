package arcref

import "slices"

// A codeFact is an option that ARC's code treats otherwise than the reference
// says. It is about every release whose reference has the block.
type codeFact struct {
	block, option string
	source        string // the file that proves it
}

const lrmsDir = "src/services/a-rex/lrms/"

// readByCode are options that the code reads in every release from 6.17.0 to
// 7.2.0. The reference of some or all of them does not name them: that of 7.2.0
// dropped the options of the batch systems that only the community supports.
var readByCode = []codeFact{
	{"common", "enable_perflog_reporting", lrmsDir + "lrms_common.sh.in"},
	{"common", "perflogdir", lrmsDir + "lrms_common.sh.in"},
	{"authgroup", "name", "src/hed/shc/legacy/LegacySecHandler.cpp"}, // renames the group (arc-behaviour A8)
	{"lrms", "sge_bin_path", lrmsDir + "sge/configure-sge-env.sh"},
	{"lrms", "sge_root", lrmsDir + "sge/configure-sge-env.sh"},
	{"lrms", "sge_cell", lrmsDir + "sge/configure-sge-env.sh"},
	{"lrms", "sge_qmaster_port", lrmsDir + "sge/configure-sge-env.sh"},
	{"lrms", "sge_execd_port", lrmsDir + "sge/configure-sge-env.sh"},
	{"lrms", "sge_jobopts", lrmsDir + "sge/submit-sge-job.in"},
	{"lrms", "lsf_bin_path", lrmsDir + "lsf/configure-lsf-env.sh"},
	{"lrms", "lsf_profile_path", "src/services/a-rex/infoproviders/LSF.pm"},
	{"lrms", "lsf_architecture", lrmsDir + "lsf/configure-lsf-env.sh"},
	{"lrms", "ll_bin_path", lrmsDir + "ll/configure-ll-env.sh"},
	{"lrms", "ll_consumable_resources", lrmsDir + "ll/configure-ll-env.sh"},
	{"lrms", "ll_parallel_single_jobs", lrmsDir + "ll/configure-ll-env.sh"},
	{"lrms", "boinc_db_host", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_db_port", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_db_name", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_db_user", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_db_pass", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_app_id", lrmsDir + "boinc/scan-boinc-job.in"},
	{"lrms", "boinc_project_dir", lrmsDir + "boinc/submit-boinc-job.in"},
}

// multivaluedByCode are options that the code adds up over all lines and that
// the prose allows several times, but without the mark: the validator of ARC 7
// calls the second line an error.
var multivaluedByCode = []codeFact{
	{"arex", "tokenscopes", "src/services/a-rex/grid-manager/conf/CoreConfig.cpp"},
}

// misspelt is a heading in the reference of 6.17.0 whose example, like the code
// (src/services/a-rex/arc-arex-ws-start.in), has the right name.
var misspelt = Moved{Name: "arguspdp_accpetnotapplicable", Block: "arex/ws/argus", Option: "arguspdp_acceptnotapplicable"}

// WithCode gives a copy of a parsed reference with what the reference is silent
// about and the code of the releases 6.17.0 to 7.2.0 does: options that are
// read (Option.Source names the file), options that are multivalued, a misspelt
// name. The references of For and Nearest have it already.
func (r *Reference) WithCode() *Reference {
	c := r.clone()
	c.addCode()
	return c
}

// addCode is WithCode for a reference that nobody else has.
func (r *Reference) addCode() {
	for _, f := range readByCode {
		if b := r.Block(f.block); b != nil && b.Option(f.option) == nil {
			b.Options = append(b.Options, &Option{Name: f.option, Unlisted: true, Source: f.source})
		}
	}
	for _, f := range multivaluedByCode {
		if o := r.Block(f.block).Option(f.option); o != nil && !o.Multivalued {
			o.Multivalued, o.Source = true, f.source
		}
	}
	if b := r.Block(misspelt.Block); b.Option(misspelt.Name) != nil {
		b.Options = slices.DeleteFunc(b.Options, func(o *Option) bool { return o.Name == misspelt.Name })
		b.Moved = append(b.Moved, misspelt)
	}
}

func (r *Reference) clone() *Reference {
	c := &Reference{Version: r.Version, Blocks: slices.Clone(r.Blocks)}
	for i, b := range c.Blocks {
		copied := *b
		copied.Moved = slices.Clone(b.Moved)
		copied.Options = slices.Clone(b.Options)
		for j, o := range copied.Options {
			option := *o
			copied.Options[j] = &option
		}
		c.Blocks[i] = &copied
	}
	return c
}
