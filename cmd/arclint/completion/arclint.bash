# bash completion for arclint, written by `arclint completion bash`
_arclint() {
    local IFS=$'\n'
    COMPREPLY=($(arclint complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _arclint arclint
