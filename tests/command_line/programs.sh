# Ways to give a program, what sys.argv is then, and what goes wrong.
exec 2>&1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
try() {
    echo "--- $*"
    "$PYTHON" "$@" </dev/null 2>&1 | sed "s#$directory#DIR#g"
}
status() {
    echo "--- $*"
    "$PYTHON" "$@" </dev/null >output 2>&1
    echo "status $?"
    sed "s#$directory#DIR#g" output
}
show='import sys; print(sys.argv, __name__)'
echo "$show" >script.py
mkdir package zipped empty
echo "$show" >package/__main__.py
echo 'print("imported")' >package/__init__.py
try -c "$show" a -b -- c
try script.py a -b
try ./script.py
try package x
try -m script y
try -m package
try -m package.nothing
try -m nothing
echo "$show" | "$PYTHON"
echo "$show" | "$PYTHON" - a b
try -- script.py -c
status nothing.py
status empty
status -c 'import sys; sys.exit()'
status -c 'import sys; sys.exit(7)'
status -c 'import sys; sys.exit("a text")'
status -c 'raise SystemExit([1])'
status -c 'import os; os._exit(5)'
status -c '1/0'
status -c 'x ='
status -c 'raise KeyboardInterrupt'
status -x script.py
printf 'x = 1\nprint("\377")\n' >latin.py
status latin.py
printf '# coding: latin-1\nprint(ascii("\351"))\n' >cookie.py
status cookie.py
printf 'print(1)\n\000' >null.py
status null.py
printf '#!/bin/false\r\nif 1:\r\n  print("crlf")\r\n' >crlf.py
status crlf.py
status -c '
    if 1:
        print("indented")
   	
    print("""a
    b""")'
