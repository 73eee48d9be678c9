# What a SyntaxError tells of its place: in its arguments, and in its attributes, which the symbol tables set alone.
SOURCES = [
    # Tabs count as eight columns, and as one for comparison.
    ("if a:\n\tif b:\n        x\n", "exec"),
    ("class A:\n\t    def f(self):\n        x\n", "exec"),
    ("if a:\n\tx\n\ty\n", "exec"),
    ("if a:\n  \tx\n  \ty\n", "exec"),
    # Space behind an expression is an indentation unless its line has an end.
    ("1\n\t", "eval"),
    ("1\n \n", "eval"),
    ("1\n # comment", "eval"),
    # The text is the line, where a longer token began on one before it.
    ('"""one\ntwo""" three four\n', "exec"),
    ('"""one\n"""\nx', "single"),
    ("if a and \\\n   b and \\ c:\n    pass\n", "exec"),
    ("[0, 1,    for i in u:\n", "exec"),
    ("[0, 1 for i in u]", "exec"),
    # Found by the symbol tables or among the future features.
    ("def f():\n  nonlocal x", "exec"),
    ("nonlocal a", "exec"),
    ("def f(a, a): pass", "exec"),
    ("def f[T, T](): pass", "exec"),
    ("await x", "exec"),
    ("[(yield) for x in y]", "exec"),
    ("def f(): x; global x", "exec"),
    ("__debug__ = 1", "exec"),
    ("type X = (yield)", "exec"),
    ("x = 1\nfrom __future__ import a\n", "exec"),
    ("from __future__ import braces", "exec"),
    # Found later.
    ("return", "exec"),
    ("break", "exec"),
    ("*a", "exec"),
    ("x = yield", "exec"),
    ("async def f(): yield from z", "exec"),
]

for source, mode in SOURCES:
    try:
        compile(source, "<source>", mode)
        print(repr(source), "compiles")
    except SyntaxError as error:
        place = error.filename, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text
        print(repr(source), type(error).__name__, error.args, place if len(error.args) == 1 else place == error.args[1][:3] + error.args[1][4:] + error.args[1][3:4])
