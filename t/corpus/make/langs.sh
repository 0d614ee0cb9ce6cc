#!/bin/bash
# langs.sh: other languages.
# Debian: r-base-core mono-mcs mono-runtime sbcl erlang-base elixir ocaml-nox
# ghc nim octave regina-rexx.
. "${0%/*}/lib.sh"

file r/job.R <<'E'
a <- commandArgs(TRUE)
message(format(Sys.time()), " job ", Sys.getpid())
price <- function(o) o$customer$name[[1]]
f <- function(n) { message("row ", n); if (n > 2) stop("unknown tariff ", a[2]); f(n + 1) }
switch(a[1], stop = f(1), subset = price(list()), file = readLines(a[2]),
  name = print(tariff), pkg = library(a[2], character.only = TRUE), type = 1 + "a",
  warn = { warning("rates are old"); stop("no rates loaded") })
E
R='Rscript r/job.R'
failure r-stop.b2 "unknown tariff B2" "Error in f(n + 1) : unknown tariff B2" -- $R stop B2
failure r-stop.c1 "unknown tariff C1" "Error in f(n + 1) : unknown tariff C1" -- $R stop C1
failure r-file "cannot open the connection" "Error in file(con, \"r\") : cannot open the connection" -- $R file /srv/app/in/x
failure r-name "object 'tariff' not found" "Error in print(tariff) : object 'tariff' not found" "object 'tariff' not found" -- $R name
failure r-package.a "there is no package called ‘shopa’" "Error in library(a[2], character.only = TRUE) : there is no package called ‘shopa’" -- $R pkg shopa
failure r-package.b "there is no package called ‘shopb’" "Error in library(a[2], character.only = TRUE) : there is no package called ‘shopb’" -- $R pkg shopb
failure r-type "non-numeric argument to binary operator" "Error in 1 + \"a\" : non-numeric argument to binary operator" -- $R type

file cs/Job.cs <<'E'
using System; using System.Collections.Generic; using System.IO; using System.Threading.Tasks;
class StoreException : Exception { public StoreException(string m, Exception e) : base(m, e) { } }
class Job {
	static int Price(Dictionary<string, int> d, string k) { return d[k]; }
	static void Wrap(string why) {
		try { throw new InvalidOperationException("no route to " + why); }
		catch (Exception e) { throw new StoreException("store 'north' failed", e); }
	}
	static void Main(string[] a) {
		Console.Error.WriteLine(DateTime.Now.ToString("o") + " job " + System.Diagnostics.Process.GetCurrentProcess().Id);
		switch (a[0]) {
		case "key": Price(new Dictionary<string, int>(), a[1]); break;
		case "null": string s = null; Console.WriteLine(s.Length); break;
		case "throw": throw new ArgumentException("unknown tariff " + a[1]);
		case "wrap": Wrap(a[1]); break;
		case "file": File.ReadAllText(a[1]); break;
		case "parse": int.Parse("x"); break;
		case "task": Task.Run(() => Wrap(a[1])).Wait(); break;
		case "cast": object o = a; Console.WriteLine((int)o); break;
		}
	}
}
E
(cd cs && mcs -warn:0 -out:Job.exe Job.cs)
m() { failure "mono-$1" "$2" -- mono cs/Job.exe "${@:3}"; }
m key "The given key 'a' was not present in the dictionary." key a
m null "Object reference not set to an instance of an object" null
m throw.b2 "unknown tariff B2" throw B2
m throw.c1 "unknown tariff C1" throw C1
failure mono-wrap.a "store 'north' failed" "store 'north' failed ---> System.InvalidOperationException: no route to alpha" -- mono cs/Job.exe wrap alpha
failure mono-wrap.b "store 'north' failed" "store 'north' failed ---> System.InvalidOperationException: no route to beta" -- mono cs/Job.exe wrap beta
m file 'Could not find file "/srv/app/cs/x"' file /srv/app/cs/x
m parse "Input string was not in a correct format." parse
m cast "Specified cast is not valid." cast

file ex/job.exs <<'E'
[what | rest] = System.argv()
IO.puts(:stderr, "#{DateTime.utc_now()} job #{System.pid()}")
case what do
  "raise" -> raise ArgumentError, "unknown tariff #{hd(rest)}"
  "match" -> {:ok, _} = {:error, :enoent}
  "file" -> File.read!(hd(rest))
  "key" -> Map.fetch!(%{}, String.to_atom(hd(rest)))
  "exit" -> exit(:no_rates)
end
E
e() { failure "elixir-$1" "$2" "$3" -- elixir ex/job.exs "${@:4}"; }
export SET_ERL_CRASH_DUMP_SECONDS=0 
e raise.b2 "unknown tariff B2" "(ArgumentError) unknown tariff B2" raise B2
e raise.c1 "unknown tariff C1" "(ArgumentError) unknown tariff C1" raise C1
e match "no match of right hand side value: {:error, :enoent}" "(MatchError) no match of right hand side value: {:error, :enoent}" match
e key.a "key :a not found in: %{}" "(KeyError) key :a not found in: %{}" key a
e key.b "key :b not found in: %{}" "(KeyError) key :b not found in: %{}" key b
e file 'could not read file "/srv/app/in/x": no such file or directory' '(File.Error) could not read file "/srv/app/in/x": no such file or directory' file /srv/app/in/x

file ml/job.ml <<'E'
let () =
  Printf.eprintf "%.3f job %d\n%!" (Unix.gettimeofday ()) (Unix.getpid ());
  match Sys.argv.(1) with
  | "fail" -> failwith ("unknown tariff " ^ Sys.argv.(2))
  | "found" -> ignore (List.assoc "a" [])
  | "open" -> ignore (open_in Sys.argv.(2))
  | "index" -> print_int [|1; 2|].(int_of_string Sys.argv.(2))
  | _ -> assert false
E
(cd ml && ocamlfind ocamlc -g -package unix -linkpkg -o job job.ml 2>&- || ocamlc -g -I +unix unix.cma -o job job.ml)
o() { failure "ocaml-$1" "Fatal error: exception $2" "$2" "$3" -- ml/job "${@:4}"; }
o fail.b2 'Failure("unknown tariff B2")' 'exception Failure("unknown tariff B2")' fail B2
o fail.c1 'Failure("unknown tariff C1")' 'exception Failure("unknown tariff C1")' fail C1
o found 'Not_found' 'exception Not_found' found
o open 'Sys_error("/srv/app/in/x: No such file or directory")' '/srv/app/in/x: No such file or directory' open /srv/app/in/x
o index 'Invalid_argument("index out of bounds")' 'index out of bounds' index 7

file hs/job.hs <<'E'
import qualified Data.Map as M
import System.Environment
import System.IO
import System.CPUTime
main :: IO ()
main = do
  (what : rest) <- getArgs
  t <- getCPUTime
  hPutStrLn stderr ("start " ++ show t)
  case what of
    "error" -> error ("unknown tariff " ++ head rest)
    "head" -> print (head ([] :: [Int]))
    "file" -> readFile (head rest) >>= putStr
    "fail" -> ioError (userError ("no rates for " ++ head rest))
    "map" -> print ((M.fromList [(1, 2)]) M.! (3 :: Int) :: Int)
    _ -> return ()
E
(cd hs && ghc -v0 -o job job.hs)
h() { failure "haskell-$1" "$2" "$3" -- hs/job "${@:4}"; }
h error.b2 "job: unknown tariff B2" "unknown tariff B2" error B2
h error.c1 "job: unknown tariff C1" "unknown tariff C1" error C1
h head "job: Prelude.head: empty list" "Prelude.head: empty list" head
h file "job: /srv/app/in/x: openFile: does not exist (No such file or directory)" "/srv/app/in/x: openFile: does not exist (No such file or directory)" file /srv/app/in/x
h fail.eur "job: user error (no rates for eur)" "user error (no rates for eur)" fail eur
h fail.usd "job: user error (no rates for usd)" "user error (no rates for usd)" fail usd

file nim/job.nim <<'E'
import os, times, strutils, tables
stderr.writeLine $now() & " job " & $getCurrentProcessId()
case paramStr(1)
of "raise": raise newException(ValueError, "unknown tariff " & paramStr(2))
of "int": echo parseInt(paramStr(2))
of "index": echo @[1, 2][parseInt(paramStr(2))]
of "file": echo readFile(paramStr(2))
of "key": echo {"a": 1}.toTable[paramStr(2)]
E
(cd nim && nim c --hints:off --verbosity:0 -o:job job.nim >/tmp/nim.log 2>&1)
N() { failure "nim-$1" "$2" "Error: unhandled exception: $2 [$3]" "Error: unhandled exception: $2" "unhandled exception: $2 [$3]" -- nim/job "${@:4}"; }
N raise.b2 "unknown tariff B2" ValueError raise B2
N raise.c1 "unknown tariff C1" ValueError raise C1
N int "invalid integer: x" ValueError int x
N file "cannot open: /srv/app/in/x" IOError file /srv/app/in/x

file rexx/job.rexx <<'E'
parse arg what
call lineout 'STDERR', date() time() 'job'
if what = 'zero' then say 1 / 0
if what = 'call' then call tariff 3
if what = 'sum' then say 'a' + 1
E
failure rexx.zero "Error 42 running \"/srv/app/rexx/job.rexx\", line 3: Arithmetic overflow/underflow" "Error 42.3: Arithmetic overflow; divisor must not be zero" "Error 42 running /srv/app/rexx/job.rexx, line 3: Arithmetic overflow/underflow" -- 'date +%s.%N >&2; exec rexx /srv/app/rexx/job.rexx zero'
failure rexx.sum "Error 41 running \"/srv/app/rexx/job.rexx\", line 5: Bad arithmetic conversion" "Error 41.1: Non-numeric value (\"a\") to left of arithmetic operation \"+\"" -- 'date +%s.%N >&2; exec rexx /srv/app/rexx/job.rexx sum'
