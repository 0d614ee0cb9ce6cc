# fish completion of runner and run_functions: `runner complete` knows.

function __runner_complete
	set -l words (commandline -opc) (commandline -ct)
	for line in (command runner complete -- $words 2>/dev/null)
		set -l ask (string split ' ' -- $line)
		set -l word (commandline -ct)
		set -l head
		set -q ask[2]; and set head (string sub -l $ask[2] -- $word)
		set word (string replace -- "$head" '' $word)
		switch $ask[1]
			case :files
				__fish_complete_path $word | string replace -r "^" -- "$head"
			case :directories
				__fish_complete_directories $word | string replace -r "^" -- "$head"
			case :users
				__fish_complete_users | string replace -r "^" -- "$head"
			case :groups
				__fish_complete_groups | string replace -r "^" -- "$head"
			case '*'
				echo $line
		end
	end
end

complete -c runner -f -a '(__runner_complete)'
complete -c run_functions -f -a '(__runner_complete)'
