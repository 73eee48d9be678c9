# Options that do not exist, lack their argument, or have a bad one.
exec 2>&1
try() {
    echo "--- $*"
    "$PYTHON" "$@"
    echo "status $?"
}
try -j
try --foo=1
try -V -j
try -c
try -m
try -W
try -X
try --check-hash-based-pycs
try --check-hash-based-pycs sometimes -c pass
try -X int_max_str_digits=5 -c pass
try -X tracemalloc=x -c pass
try -X utf8=2 -c pass
try -X frozen_modules=x -c pass
try -X cpu_count=0 -c pass
try -X importtime=3 -c pass
try -X thread_inherit_context=2 -c pass
PYTHONHASHSEED=x try -c pass
PYTHONUTF8=2 try -c pass
PYTHONMALLOC=foo try -c pass
PYTHONINTMAXSTRDIGITS=foo try -c pass
PYTHON_GIL=2 try -c pass
