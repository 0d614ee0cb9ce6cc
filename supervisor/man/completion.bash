# bash completion of runner and run_functions: `runner complete` knows.

# Sets REPLY to what a word is without its quotes; one may be open.
_runner_unquote()
{
	local raw=$1 quote='' i

	REPLY=
	for ((i = 0; i < ${#raw}; i++)); do
		case $quote${raw:i:1} in
		"''" | '""') quote='' ;;
		\' | \") quote=${raw:i:1} ;;
		\\ | \"\\) ((++i)) && REPLY+=${raw:i:1} ;;
		*) REPLY+=${raw:i:1} ;;
		esac
	done
}

_runner()
{
	local word line REPLY head
	local -a words=()

	for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
		_runner_unquote "$word"
		words+=("$REPLY")
	done
	word=$REPLY
	[[ $word == = ]] && words+=('') word=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:*)
			head=
			[[ $line == *\ * ]] && head=${word:0:${line#* }}
			[[ $line == :[fd]* ]] &&
			    compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -P "$head" \
			    "-${line:1:1}" -- "${word#"$head"}")
			;;
		*)
			[[ $line == *= ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("$line")
			;;
		esac
	done < <(command runner complete -- "${words[@]}" 2>/dev/null)
}

complete -F _runner runner run_functions
