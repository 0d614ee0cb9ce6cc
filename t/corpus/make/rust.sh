#!/bin/bash
# rust.sh: Rust, panics and what its compiler says.  A Rust of 2023 or later.
. "${0%/*}/lib.sh"
rust=$(dirname "$(rustup which rustc 2>/dev/null || command -v rustc)")

file rs/job.rs <<'E'
use std::{collections::HashMap, env, fmt, fs, net::TcpStream, process, thread, time::SystemTime};

#[derive(Debug)]
struct StoreError { store: String, source: std::num::ParseIntError }
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "store '{}' failed", self.store) }
}
impl std::error::Error for StoreError {}

fn price(m: &HashMap<String, i32>, k: &str) -> i32 { m[k] }
fn parse(store: &str, text: &str) -> Result<i32, StoreError> {
    text.parse::<i32>().map_err(|source| StoreError { store: store.into(), source })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let a: Vec<String> = env::args().collect();
    let t = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    for i in 0..1 + t.subsec_micros() % 5 {
        eprintln!("[{}.{:06}] page {} of {}", t.as_secs(), t.subsec_micros(), i, process::id());
    }
    let arg = a.get(2).cloned().unwrap_or_default();
    match a[1].as_str() {
        "unwrap" => { None::<i32>.unwrap(); }
        "expect" => { fs::read(&arg).expect("cannot read rates"); }
        "index" => { println!("{}", vec![1, 2, 3][arg.len() + 5]); }
        "panic" => panic!("unknown tariff {arg}"),
        "map" => { price(&HashMap::new(), &arg); }
        "result" => { parse(&arg, "x")?; }
        "io" => { fs::read_to_string(&arg)?; }
        "unwraperr" => { parse(&arg, "x").unwrap(); }
        "assert" => assert_eq!(arg.len(), 99, "rates of {arg} are short"),
        "thread" => { thread::Builder::new().name("mailer".into()).spawn(move || { panic!("queue {arg} is gone") })?.join().map_err(|_| "mailer died")?; }
        "overflow" => { let n = arg.len() as u8; println!("{}", n - 200); }
        "refused" => { TcpStream::connect(format!("127.0.0.1:{arg}"))?; }
        "exit" => { eprintln!("error: no rates for {arg}"); process::exit(3); }
        "refcell" => { let c = std::cell::RefCell::new(1); let _a = c.borrow_mut(); c.borrow_mut(); }
        "stack" => { fn f(n: u64) -> u64 { if n == 0 { 0 } else { f(n + 1) + 1 } } println!("{}", f(1)); }
        "slice" => { println!("{}", &"äöü"[0..arg.len()]); }
        "unreachable" => unreachable!(),
        _ => todo!(),
    }
    Ok(())
}
E
"$rust/rustc" --edition 2021 -g --remap-path-prefix "$HOME=/home/app" -A warnings -o "$ROOT/rs/job" "$ROOT/rs/job.rs" 2>/tmp/rustc.log
r() { failure "rust-$1" "$2" -- exec rs/job "${@:3}"; }
r option.unwrap "called \`Option::unwrap()\` on a \`None\` value" unwrap
r expect.none 'cannot read rates: Os { code: 2, kind: NotFound, message: "No such file or directory" }' expect /srv/app/in/rates
r expect.dir 'cannot read rates: Os { code: 21, kind: IsADirectory, message: "Is a directory" }' expect /srv/app/rs
r index "index out of bounds: the len is 3 but the index is 5" index
r panic.b2 "unknown tariff B2" panic B2
r panic.c1 "unknown tariff C1" panic C1
r map "no entry found for key" map x
r main.north "StoreError { store: \"north\", source: ParseIntError { kind: InvalidDigit } }" result north
r main.south "StoreError { store: \"south\", source: ParseIntError { kind: InvalidDigit } }" result south
r main.io 'Os { code: 2, kind: NotFound, message: "No such file or directory" }' io /srv/app/in/rates
r main.dir 'Os { code: 21, kind: IsADirectory, message: "Is a directory" }' io /srv/app/rs
r main.refused 'Os { code: 111, kind: ConnectionRefused, message: "Connection refused" }' refused 6001
r result "called \`Result::unwrap()\` on an \`Err\` value: StoreError { store: \"north\", source: ParseIntError { kind: InvalidDigit } }" unwraperr north
failure rust-assert "assertion \`left == right\` failed: rates of eur are short" "assertion failed: \`(left == right)\`" "assertion \`left == right\` failed" -- exec rs/job assert eur
failure rust-thread.a "queue a is gone" "mailer died" "\"mailer died\"" -- exec rs/job thread a
failure rust-thread.b "queue b is gone" "mailer died" "\"mailer died\"" -- exec rs/job thread b
r overflow "attempt to subtract with overflow" overflow abc
failure rust-exit.eur "no rates for eur" "error: no rates for eur" -- exec rs/job exit eur
failure rust-exit.usd "no rates for usd" "error: no rates for usd" -- exec rs/job exit usd
failure rust-refcell "already borrowed: BorrowMutError" "RefCell already borrowed" "already mutably borrowed: BorrowError" -- exec rs/job refcell
failure rust-stack "thread 'main' has overflowed its stack" "fatal runtime error: stack overflow" "stack overflow" "fatal runtime error: stack overflow, aborting" "thread 'main' (<*>) has overflowed its stack" -- exec rs/job stack
failure rust-slice "end byte index 3 is not a char boundary; it is inside 'ö' (bytes 2..4) of \`äöü\`" "byte index 3 is not a char boundary; it is inside 'ö' (bytes 2..4) of \`äöü\`" "end byte index 3 is not a char boundary; it is inside 'ö' (bytes 2..4 of string)" -- exec rs/job slice abc
r unreachable "internal error: entered unreachable code" unreachable
r todo "not yet implemented" x
SET_RUST_BACKTRACE=1 failure rust-backtrace.b2 "unknown tariff B2" -- exec rs/job panic B2
SET_RUST_BACKTRACE=1 failure rust-backtrace.none "called \`Option::unwrap()\` on a \`None\` value" -- exec rs/job unwrap
file rs/bad/type.rs <<'E'
fn main() {
    let rows: i32 = "x";
}
E
file rs/bad/moved.rs <<'E'
fn main() {
    let a = String::new();
    let b = a;
    println!("{}{}", a, b);
}
E
export SET_RUSTC="$rust/rustc"
export REAL_CLOCK=1
for c in type:E0308:"mismatched types" moved:E0382:"borrow of moved value: \`a\`"; do
	IFS=: read -r f code text more <<<"$c"
	failure rustc.$f "error[$code]: $text${more:+:$more}" "$text${more:+:$more}" -- 'bin/iso true; "$RUSTC" -o $(mktemp -d)/a rs/bad/'$f'.rs'
done
