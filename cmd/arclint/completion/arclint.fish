# fish completion for arclint, written by `arclint completion fish`
function __arclint_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l found (arclint complete -- $words[2..-1] "$typed" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$typed"
    end
end
complete -c arclint -f -a '(__arclint_complete)'
