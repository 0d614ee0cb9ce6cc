exit 1
subject /usr/bin/python3: No module named report_tool
subject No module named report_tool
output 90
2026-03-04 08:42:02 starting -m (pid 14935)
/usr/bin/python3: No module named report_tool

output 90
2026-07-19 02:50:32 starting -m (pid 14938)
/usr/bin/python3: No module named report_tool

