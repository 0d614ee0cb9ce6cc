exit 1
subject unknown command "cpoy" for "rclone"
subject Error: unknown command "cpoy" for "rclone"
subject Fatal error: unknown command "cpoy" for "rclone"
output 312
--- Tue Nov 24 07:51:08 UTC 2026 ---
0 % done7 % done

Error: unknown command "cpoy" for "rclone"

Did you mean this?
	copy

Run 'rclone --help' for usage.
You could use 'rclone selfupdate' to get latest features.

2026/11/24 07:51:09 Fatal error: unknown command "cpoy" for "rclone"

Did you mean this?
	copy

output 333
--- Tue Nov 24 08:51:09 CET 2026 ---
0 % done7 % done
14 % done21 % done

Error: unknown command "cpoy" for "rclone"

Did you mean this?
	copy

Run 'rclone --help' for usage.
You could use 'rclone selfupdate' to get latest features.

2026/11/24 08:51:09 Fatal error: unknown command "cpoy" for "rclone"

Did you mean this?
	copy

