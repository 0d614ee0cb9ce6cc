# bash completion of runner and run_functions: `runner complete` knows.

_runner()
{
	local word=${COMP_WORDS[COMP_CWORD]} line
	local -a words=("${COMP_WORDS[@]:0:COMP_CWORD}")

	[[ $word == = ]] && words+=("$word") word=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files | :directories)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen "-${line:1:1}" -- "$word")
			;;
		:users | :groups)
			mapfile -t COMPREPLY < <(compgen "-${line:1:1}" -- "$word")
			;;
		*)
			[[ $line == *= ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("$line")
			;;
		esac
	done < <(command runner complete -- "${words[@]/#\~\//$HOME/}" \
	    "$word" 2>/dev/null)
}

complete -F _runner runner run_functions
