#!/bin/bash
# build.sh: compilers, linkers and build tools.
# Debian: gcc g++ clang make cmake meson ninja-build bison flex gfortran gnat
# fpc gnucobol node-typescript protobuf-compiler ocaml-nox ghc mono-mcs.
. "${0%/*}/lib.sh"

file b/undeclared.c <<'E'
int main(void)
{
	return rows + 1;
}
E
file b/undeclared2.c <<'E'
int main(void)
{
	return cols + 1;
}
E
file b/header.c <<'E'
#include "shop/tariff.h"
int main(void) { return 0; }
E
file b/link.c <<'E'
int tariff(int);
int main(void) { return tariff(2); }
E
file b/link2.c <<'E'
int price(int);
int main(void) { return price(2); }
E
file b/semi.c <<'E'
int main(void)
{
	int a = 1
	return a;
}
E
file b/type.c <<'E'
struct a { int x; };
int main(void)
{
	struct a v;
	return v.y;
}
E
file b/templ.cc <<'E'
#include <map>
#include <string>
struct k { int a; };
int main() { std::map<k, std::string> m; m[k()] = "x"; }
E
g() { failure "$1" "$2" "${2#*:*:*: }" "${2#*error: }" -- bin/$3 "${@:4}"; }
g gcc-name.rows "b/undeclared.c:3:16: error: ‘rows’ undeclared (first use in this function)" iso gcc -c -o /tmp/none.o b/undeclared.c
g gcc-name.cols "b/undeclared2.c:3:16: error: ‘cols’ undeclared (first use in this function)" iso gcc -c -o /tmp/none.o b/undeclared2.c
g gcc-parse "b/semi.c:4:9: error: expected ‘,’ or ‘;’ before ‘return’" clf gcc -c -o /tmp/none.o b/semi.c
g gcc-member "b/type.c:5:17: error: ‘struct a’ has no member named ‘y’" clf gcc -fdiagnostics-color=\$\( test \$RUN = 1 \&\& echo always \|\| echo never \) -c -o /tmp/none.o b/type.c
failure gcc-header "b/header.c:1:10: fatal error: shop/tariff.h: No such file or directory" "fatal error: shop/tariff.h: No such file or directory" "shop/tariff.h: No such file or directory" -- bin/rfc gcc -c -o /tmp/none.o b/header.c
failure ld-undefined.tariff "link.c:(.text+0xa): undefined reference to \`tariff'" "undefined reference to \`tariff'" "/usr/bin/ld: /tmp/<*>.o: in function \`main':" "/usr/bin/ld: link.c:(.text+0xa): undefined reference to \`tariff'" "/usr/bin/ld: /tmp/<*>.o: in function \`main': link.c:(.text+0xa): undefined reference to \`tariff'" -- bin/iso gcc -o /tmp/none.o b/link.c
failure ld-undefined.price "link2.c:(.text+0xa): undefined reference to \`price'" "undefined reference to \`price'" "/usr/bin/ld: /tmp/<*>.o: in function \`main':" "/usr/bin/ld: link2.c:(.text+0xa): undefined reference to \`price'" -- bin/iso gcc -o /tmp/none.o b/link2.c
file b/ok.c <<'E'
int main(void) { return 0; }
E
failure ld-library.shop "/usr/bin/ld: cannot find -lshop: No such file or directory" "cannot find -lshop: No such file or directory" -- bin/iso gcc -o /tmp/none.o b/ok.c -lshop
failure ld-library.mail "/usr/bin/ld: cannot find -lmailer: No such file or directory" "cannot find -lmailer: No such file or directory" -- bin/iso gcc -o /tmp/none.o b/ok.c -lmailer
failure gcc-nofile.input "gcc: error: b/gone.c: No such file or directory" "cc1: fatal error: b/gone.c: No such file or directory" "b/gone.c: No such file or directory" -- bin/level gcc b/gone.c
failure gcc-nofile.option "gcc: error: unrecognized command-line option ‘-fno-shop’" "unrecognized command-line option ‘-fno-shop’" -- bin/level gcc -fno-shop -o /tmp/none.o b/ok.c
g clang-name.rows "b/undeclared.c:3:9: error: use of undeclared identifier 'rows'" syslog clang -c -o /tmp/none.o b/undeclared.c
g clang-name.cols "b/undeclared2.c:3:9: error: use of undeclared identifier 'cols'" syslog clang -c -o /tmp/none.o b/undeclared2.c
failure gxx-template "/usr/include/c++/12/bits/stl_function.h:408:20: error: no match for ‘operator<’ (operand types are ‘const k’ and ‘const k’)" "error: no match for ‘operator<’ (operand types are ‘const k’ and ‘const k’)" "no match for ‘operator<’ (operand types are ‘const k’ and ‘const k’)" -- bin/rfc g++ -c -o /tmp/none.o b/templ.cc

file b/Makefile <<'E'
all: stock
stock: stock.o
	@gcc -o $@ $<
stock.o: stock.c
	@gcc -c -o $@ $<
check:
	@echo "suite $$$$: 3 of 5 done" >&2; exit 3
check2:
	@echo "suite $$$$: 3 of 5 done" >&2; exit 4
deep:
	@$(MAKE) check
crash:
	@kill -SEGV $$$$
E
file b/Bad.mk <<'E'
all:
        echo "spaces"
E
m() { failure "make-$1" "$2" "${2#make: \*\*\* }" -- bin/$3 make "${@:4}"; }
m target.stock "make: *** No rule to make target 'stock.c', needed by 'stock.o'.  Stop." iso -C b --no-print-directory stock
m target.install "make: *** No rule to make target 'install'.  Stop." iso -C b --no-print-directory install
failure make-check.3 "make: *** [Makefile:7: check] Error 3" "[Makefile:7: check] Error 3" -- bin/syslog make -C b check
failure make-check.4 "make: *** [Makefile:9: check2] Error 4" "[Makefile:9: check2] Error 4" -- bin/syslog make -C b check2
failure make-deep "make[1]: *** [Makefile:7: check] Error 3" "[Makefile:7: check] Error 3" -- bin/syslog make -C b deep
failure make-crash "make: *** [Makefile:13: crash] Segmentation fault" "[Makefile:13: crash] Segmentation fault" -- bin/clf make -C b crash
failure make-parse.tab "Bad.mk:2: *** missing separator (did you mean TAB instead of 8 spaces?).  Stop." "missing separator (did you mean TAB instead of 8 spaces?).  Stop." -- bin/clf make -C b -f Bad.mk
failure make-parse.none "make: Gone.mk: No such file or directory" "make: *** No rule to make target 'Gone.mk'.  Stop." -- bin/clf make -C b --no-print-directory -f Gone.mk

file cm/a/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.10)
project(shop C)
find_package(ZebraLib REQUIRED)
E
file cm/b/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.10)
project(shop C)
add_executable(shop missing.c)
E
file cm/c/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.10)
project(shop C)
message(FATAL_ERROR "no release key in ${CMAKE_BINARY_DIR}")
E
failure cmake.package 'By not providing "FindZebraLib.cmake" in CMAKE_MODULE_PATH this project has asked CMake to find a package configuration file provided by "ZebraLib", but CMake did not find one.' 'By not providing "FindZebraLib.cmake" in CMAKE_MODULE_PATH this project has' "CMake Error at CMakeLists.txt:3 (find_package):" -- 'bin/iso cmake -S cm/a -B $(mktemp -d)'
failure cmake.source "Cannot find source file:" "CMake Error at CMakeLists.txt:3 (add_executable):" "CMake Error at CMakeLists.txt:3 (add_executable): Cannot find source file:" -- 'bin/iso cmake -S cm/b -B $(mktemp -d)'
failure cmake.fatal "no release key in /tmp/tmp.<*>" "CMake Error at CMakeLists.txt:3 (message):" -- 'bin/iso cmake -S cm/c -B $(mktemp -d)'

file b/gram.y <<'E'
%token NUMBER
%%
line: expr ';' ;
E
failure bison "b/gram.y:3.7-10: error: symbol ‘expr’ is used, but is not defined as a token and has no rules" "error: symbol ‘expr’ is used, but is not defined as a token and has no rules" "symbol ‘expr’ is used, but is not defined as a token and has no rules" -- bin/level bison -o /tmp/none.o b/gram.y
file b/lex.l <<'E'
%%
[0-9+ return 1;
E
failure flex "b/lex.l:2: bad character class" "bad character class" "flex: b/lex.l:2: bad character class" -- bin/level flex -o /tmp/none.o b/lex.l

file b/build.ninja <<'E'
rule cc
  command = gcc -c $in
build a.o: cc a.c
E
failure ninja.input "ninja: error: 'a.c', needed by 'a.o', missing and no known rule to make it" "'a.c', needed by 'a.o', missing and no known rule to make it" -- bin/bare ninja -C b
failure ninja.target "ninja: error: unknown target 'install'" "unknown target 'install'" -- bin/bare ninja -C b install

file b/sub.f90 <<'E'
program sub
  implicit none
  integer :: a(3), i
  i = 7
  print *, prices(2)
end program
E
file b/run.f90 <<'E'
program run
  integer :: u, n, v(4)
  character(8) :: t
  call get_command_argument(1, t)
  write(0, *) 'start', getpid()
  if (t == 'open') open(newunit=u, file='/srv/app/in/x.dat', status='old')
  n = getpid()
  if (t == 'bound') print *, v(mod(n, 5) + 6)
  if (t == 'stop') error stop 'no rates loaded'
  if (t == 'read') read(t, *) n
end program
E
gfortran -g -O0 -fcheck=bounds -o b/frun b/run.f90
failure gfortran.function "b/sub.f90:5:17:" "Error: Function ‘prices’ at (1) has no IMPLICIT type" "Function ‘prices’ at (1) has no IMPLICIT type" -- bin/iso gfortran -c -o /tmp/none.o b/sub.f90
failure fortran-run.open "Fortran runtime error: Cannot open file '/srv/app/in/x.dat': No such file or directory" "Cannot open file '/srv/app/in/x.dat': No such file or directory" -- b/frun open
failure fortran-run.bound "Fortran runtime error: Index '<*>' of dimension 1 of array 'v' above upper bound of 4" "Index '<*>' of dimension 1 of array 'v' above upper bound of 4" -- b/frun bound
failure fortran-run.stop "ERROR STOP no rates loaded" -- b/frun stop
failure fortran-run.read "Fortran runtime error: Bad integer for item 1 in list input" "Bad integer for item 1 in list input" -- b/frun read

file ada/run.adb <<'E'
with Ada.Command_Line; use Ada.Command_Line;
with Ada.Text_IO; use Ada.Text_IO;
with Ada.Calendar; with Ada.Calendar.Formatting;
procedure Run is
   Store_Error : exception;
   V : array (1 .. 3) of Integer := (1, 2, 3);
   N : Integer := Argument_Count;
begin
   Put_Line (Standard_Error, Ada.Calendar.Formatting.Image (Ada.Calendar.Clock));
   if Argument (1) = "range" then
      V (N + 5) := 2;
   elsif Argument (1) = "raise" then
      raise Store_Error with "store " & Argument (2) & " is closed";
   elsif Argument (1) = "open" then
      declare F : File_Type; begin
         Open (F, In_File, "/srv/app/in/x");
      end;
   end if;
end Run;
E
(cd ada && gnatmake -q run.adb)
failure ada.range "run.adb:11 index check failed" "raised CONSTRAINT_ERROR : run.adb:11 index check failed" -- ada/run range
failure ada.north "store north is closed" "raised RUN.STORE_ERROR : store north is closed" -- ada/run raise north
failure ada.south "store south is closed" "raised RUN.STORE_ERROR : store south is closed" -- ada/run raise south
failure ada.open "/srv/app/in/x: No such file or directory" "raised ADA.IO_EXCEPTIONS.NAME_ERROR : /srv/app/in/x: No such file or directory" -- ada/run open

file pas/run.pas <<'E'
program run;
{$mode objfpc}
uses sysutils;
var s: array of integer; f: text;
begin
  writeln(stderr, FormatDateTime('yyyy-mm-dd hh:nn:ss', Now), ' pid ', GetProcessID);
  if ParamStr(1) = 'raise' then raise Exception.Create('unknown tariff ' + ParamStr(2));
  if ParamStr(1) = 'int' then writeln(StrToInt(ParamStr(2)));
  if ParamStr(1) = 'nil' then writeln(PInteger(nil)^);
  if ParamStr(1) = 'open' then begin Assign(f, '/srv/app/in/x'); Reset(f) end;
end.
E
(cd pas && fpc -v0 run.pas >/dev/null 2>&1)
failure pascal.b2 "Exception: unknown tariff B2" "unknown tariff B2" -- pas/run raise B2
failure pascal.c1 "Exception: unknown tariff C1" "unknown tariff C1" -- pas/run raise C1
failure pascal.int 'EConvertError: "x" is an invalid integer' '"x" is an invalid integer' -- pas/run int x
failure pascal.open 'EInOutError: File not found' 'File not found' -- pas/run open

file cob/run.cob <<'E'
       identification division.
       program-id. run.
       environment division.
       input-output section.
       file-control.
           select stock assign to "/srv/app/in/stock.dat".
       data division.
       file section.
       fd stock.
       01 rec pic x(80).
       procedure division.
           open input stock.
           stop run.
E
(cd cob && cobc -x -o crun run.cob)
failure cobol-open "libcob: error: file does not exist (status = 35) for file stock ('/srv/app/in/stock.dat')" "libcob: error: file does not exist (status = 35) for file stock ('/srv/app/in/stock.dat')" "error: file does not exist (status = 35) for file stock ('/srv/app/in/stock.dat')" "file does not exist (status = 35) for file stock ('/srv/app/in/stock.dat')" -- bin/syslog cob/crun
