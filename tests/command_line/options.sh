# What options and variables do to sys.flags and its neighbours.
exec 2>&1
try() {
    echo "--- $*" | head -1 | cut -c -60
    "$PYTHON" "$@" </dev/null
}
flags='import sys; f = sys.flags; print(*(n + "=" + str(getattr(f, n)) for n in dir(f) if n[0] != "_" and n not in ("count", "index", "n_fields", "n_sequence_fields", "n_unnamed_fields", "gil", "thread_inherit_context", "context_aware_warnings")))'
unset PYTHONDONTWRITEBYTECODE
try -c "$flags"
try -I -c "$flags"
try -E -s -S -P -B -c "$flags"
try -O -b -q -d -u -R -c "$flags"
try -X dev -c "$flags"
try -X utf8 -X warn_default_encoding -c "$flags"
PYTHONOPTIMIZE=2 PYTHONNOUSERSITE=1 PYTHONSAFEPATH=x try -c "$flags"
PYTHONOPTIMIZE=2 try -E -c "$flags"
PYTHONHASHSEED=0 try -c 'import sys; print(sys.flags.hash_randomization)'
try -X a -X b=c -X a=2 -c 'import sys; print(sys._xoptions)'
PYTHONWARNINGS=ignore,error try -W default -b -c 'import sys; print(sys.warnoptions)'
try -W error -c 'import warnings; warnings.warn("w")'
try -W ignore -c 'import warnings; warnings.warn("w")'
try -X pycache_prefix=/tmp/x -c 'import sys; print(sys.pycache_prefix)'
try -B -c 'import sys; print(sys.dont_write_bytecode)'
try -O -c 'assert False; print(__debug__)'
try -OO -c 'def f(): "doc"
print(f.__doc__)'
PYTHONIOENCODING=latin-1:replace try -c 'import sys; print(sys.stdout.encoding, sys.stdout.errors)'
LC_ALL=C try -c 'import sys; print(sys.flags.utf8_mode, sys.stdout.encoding, sys.stdout.errors)'
try -c 'import sys; print(sys.orig_argv[1:])' x
PYTHONPATH=/nowhere/a:/nowhere/b try -c 'import sys; print(sys.path[:3])'
try -X int_max_str_digits=700 -c 'print(len(str(10 ** 699)), flush=True); str(10 ** 700)'
try -S -c 'import sys; print("site" in sys.modules)'
echo 'print("from stdin", __name__)' | "$PYTHON" -u
"$PYTHON" -v -I -c pass 2>&1 | grep -o "^import '\(marshal\|time\|posix\|abc\|site\)'"
