#include "names.h"

#include "chars.h"

/* Names of files whose lines are code. */
/* clang-format off */
static const struct word code_extensions[] = {
    WORD("c"), WORD("h"), WORD("cc"), WORD("cpp"), WORD("cxx"),
    WORD("hpp"), WORD("hh"), WORD("hxx"), WORD("m"), WORD("mm"),
    WORD("cs"), WORD("java"), WORD("kt"), WORD("kts"), WORD("scala"),
    WORD("sc"), WORD("groovy"), WORD("clj"), WORD("py"), WORD("pyx"),
    WORD("pyw"), WORD("pxd"), WORD("rb"), WORD("erb"), WORD("rake"),
    WORD("ru"), WORD("pl"), WORD("pm"), WORD("t"), WORD("cgi"),
    WORD("php"), WORD("phtml"), WORD("inc"), WORD("js"), WORD("mjs"),
    WORD("cjs"), WORD("jsx"), WORD("ts"), WORD("mts"), WORD("cts"),
    WORD("tsx"), WORD("vue"), WORD("svelte"), WORD("go"), WORD("rs"),
    WORD("swift"), WORD("lua"), WORD("r"), WORD("R"), WORD("jl"),
    WORD("ex"), WORD("exs"), WORD("erl"), WORD("hrl"), WORD("hs"),
    WORD("lhs"), WORD("ml"), WORD("mli"), WORD("fs"), WORD("fsx"),
    WORD("vb"), WORD("sh"), WORD("bash"), WORD("zsh"), WORD("ksh"),
    WORD("fish"), WORD("awk"), WORD("sed"), WORD("sql"), WORD("tcl"),
    WORD("el"), WORD("lisp"), WORD("scm"), WORD("cr"), WORD("nim"),
    WORD("zig"), WORD("d"), WORD("pas"), WORD("pp"), WORD("ada"),
    WORD("adb"), WORD("ads"), WORD("f"), WORD("f90"), WORD("v"),
    WORD("sv"), WORD("vhd"), WORD("vhdl"), WORD("s"), WORD("S"),
    WORD("asm"), WORD("mk"), WORD("mak"), WORD("cmake"),
    WORD("gradle"), WORD("am"), WORD("ac"), WORD("m4"), WORD("pyi"),
    WORD("tf"), WORD("nix"), WORD("bzl"), WORD("css"), WORD("scss"),
    WORD("less"), WORD("j2"), WORD("jinja"), WORD("jinja2"),
    WORD("twig"), WORD("ejs"), WORD("proto"), WORD("thrift"),
    WORD("l"), WORD("y"), WORD("ld"), WORD("lds"), WORD("ps1"),
    WORD("psm1"), WORD("bat"), WORD("cmd"), WORD("dart"),
    WORD("sol"), WORD("ninja"), WORD("service"), WORD("cob"),
    WORD("cbl"), WORD("bas"), WORD("hx"), WORD("pug"), WORD("haml"),
    WORD("coffee"), WORD("gd"), WORD("raku"), WORD("p6"),
    WORD("plx"), WORD("psgi"), WORD("xs"), WORD("yy"), WORD("ll"),
    WORD("html.erb"), WORD("rkt"), WORD("st"), WORD("wat"),
    WORD("xsl"), WORD("xslt"),
    {0},
};

static const struct word code_names[] = {
    WORD("Makefile"), WORD("makefile"), WORD("GNUmakefile"),
    WORD("Dockerfile"), WORD("Rakefile"), WORD("Gemfile"),
    WORD("CMakeLists.txt"), WORD("Jenkinsfile"), WORD("Vagrantfile"),
    WORD("meson.build"), WORD("BUILD"), WORD("SConstruct"),
    WORD("SConscript"), WORD("Kconfig"), WORD("wscript"),
    WORD("Justfile"), WORD("justfile"), WORD("build.xml"),
    WORD("configure"), WORD("-e"),
    {0},
};
/* clang-format on */

/* Files of data; a host name has other endings. */
/* clang-format off */
static const struct word data_extensions[] = {
    WORD("csv"), WORD("tsv"), WORD("txt"), WORD("log"), WORD("json"),
    WORD("jsonl"), WORD("ndjson"), WORD("xml"), WORD("yml"),
    WORD("yaml"), WORD("toml"), WORD("ini"), WORD("conf"),
    WORD("cfg"), WORD("dat"), WORD("data"), WORD("html"),
    WORD("htm"), WORD("md"), WORD("rst"), WORD("gz"), WORD("bz2"),
    WORD("xz"), WORD("zip"), WORD("zst"), WORD("lock"), WORD("out"),
    WORD("err"), WORD("tmp"), WORD("bak"), WORD("xlsx"), WORD("xls"),
    WORD("parquet"), WORD("avro"), WORD("properties"), WORD("env"),
    WORD("list"), WORD("lst"), WORD("cnf"), WORD("rules"),
    WORD("sam"), WORD("vcf"), WORD("fasta"), WORD("fa"),
    WORD("fastq"), WORD("geojson"), WORD("ics"), WORD("eml"),
    WORD("mbox"), WORD("rdf"), WORD("ttl"), WORD("nt"), WORD("po"),
    WORD("pot"), WORD("tex"), WORD("bib"), WORD("srt"), WORD("in"),
    WORD("diff"), WORD("patch"), WORD("crt"), WORD("pem"),
    WORD("key"), WORD("pdf"), WORD("png"), WORD("jpg"), WORD("db"),
    WORD("sqlite"),
    {0},
};
/* clang-format on */

bool
name_is_code(const char *p, size_t size)
{
	size_t dot = size, base = size;

	while (base && p[base - 1] != '/' && p[base - 1] != '\\')
		base--;
	p += base;
	size -= base;
	if (!size)
		return false;
	dot = size;
	while (dot && p[dot - 1] != '.')
		dot--;
	if (dot > 1 &&
	    span_among((struct span){p + dot, size - dot}, code_extensions))
		return true;
	return span_among((struct span){p, size}, code_names);
}

bool
name_is_data(const char *p, size_t size)
{
	size_t dot = size;

	if (memchr(p, '/', size) && !strstr(p, "://"))
		return true;
	while (dot && p[dot - 1] != '.')
		dot--;
	return dot &&
	       span_among((struct span){p + dot, size - dot}, data_extensions);
}
