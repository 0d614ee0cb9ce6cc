#compdef runner run_functions
# zsh completion of runner and run_functions: `runner complete` knows.

local line
local -a found keys

for line in "${(@f)$(command runner complete -- "${(@Q)words[1,CURRENT]}" \
    2>/dev/null)}"; do
	[[ $line == :*\ * ]] && compset -p ${line#* }
	case ${line%% *} in
	:files) _files ;;
	:directories) _files -/ ;;
	:users) _users ;;
	:groups) _groups ;;
	*=) keys+=("$line") ;;
	?*) found+=("$line") ;;
	esac
done
(($#keys)) && compadd -S '' -- $keys
(($#found)) && compadd -- $found
