/*!re2c
// common.re: what all rules share; included by the other .re files.
re2c:define:YYCTYPE = "unsigned char";
re2c:define:YYCURSOR = s;
re2c:define:YYMARKER = m;
re2c:define:YYCTXMARKER = c;
re2c:yyfill:enable = 0;
re2c:indent:string = "\t";

// Characters.  A byte of a letter beyond ASCII belongs to a word; the first
// bytes of punctuation and symbols (U+0080.., U+2000.., U+F000..) do not.
D = [0-9];
X = [0-9A-Fa-f];
A = [A-Za-z];
N = [A-Za-z0-9];
W = [A-Za-z0-9_\x80-\xbf\xc3-\xe1\xe3-\xee\xf0-\xff];
HOST = [A-Za-z0-9_.-];
// a shell's word for the line of a script
LINE_WORD = "line" | "Zeile" | "ligne" | "línea" | "linha" | "riga" | "regel" |
	"rad" | "linje" | "wiersz" | "linia" | "řádek" | "строка" | "行" | "줄";
NOT_N = [^] \ N;
NOT_W = [^] \ W;
*/
