#compdef arclint
# zsh completion for arclint, written by `arclint completion zsh`
_arclint() {
    local -a found
    found=(${(f)"$(arclint complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
    if (( $#found )); then
        compadd -a found
    else
        _files
    fi
}
if [ "$funcstack[1]" = _arclint ]; then
    _arclint "$@"
else
    compdef _arclint arclint
fi
