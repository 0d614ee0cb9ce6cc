# fish completion of runner and run_functions: `runner complete` knows.

function __runner_complete
	set -l words (commandline -opc) (commandline -ct)
	for line in (command runner complete -- $words 2>/dev/null)
		switch $line
			case :files
				__fish_complete_path (commandline -ct)
			case :directories
				__fish_complete_directories (commandline -ct)
			case :users
				__fish_complete_users
			case :groups
				__fish_complete_groups
			case '*'
				echo $line
		end
	end
end

complete -c runner -f -a '(__runner_complete)'
complete -c run_functions -f -a '(__runner_complete)'
