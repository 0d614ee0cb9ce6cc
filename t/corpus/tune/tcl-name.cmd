exit 1
subject invalid command name "shop::price"
output 351
Wed Mar 04 09:00:48 UTC 2026 job 25125: start
invalid command name "shop::price"
    while executing
"shop::price "
    ("cmd" arm line 1)
    invoked from within
"switch [lindex $argv 0] {
	key { price {a 1} }
	error { error "unknown tariff [lindex $argv 1]" }
	open { open [lindex $argv 1] }
	cmd { shop::price }..."
    (file "tcl/job.tcl" line 3)

output 352
Sun Jul 19 02:46:35 CEST 2026 job 25127: start
invalid command name "shop::price"
    while executing
"shop::price "
    ("cmd" arm line 1)
    invoked from within
"switch [lindex $argv 0] {
	key { price {a 1} }
	error { error "unknown tariff [lindex $argv 1]" }
	open { open [lindex $argv 1] }
	cmd { shop::price }..."
    (file "tcl/job.tcl" line 3)

