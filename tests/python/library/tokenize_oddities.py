# What `tokenize` makes of carriage returns inside of lines, of brackets that fit nothing in fields of f-strings, and of backslashes behind long tokens.
import io
import tokenize

SOURCES = [
    "a\rb\n", "a\r", "\ra", "(a\rb)\n", "a \r 1\n", "a\r'b'\n", "#\rb\n", "if x:\r  y\r\n", "x = '\r'\n",
    "f'{a)}'\n", "f'{(a]}'\n", "f'{ {a} )'", "f'{a:{b)}}'", "t'{)'", "f'a)' )\n",
    "'''x\ny''' \\ z\n",
]

for source in SOURCES:
    for readline in (io.StringIO(source, newline="").readline, iter(source.splitlines(keepends=True)).__next__):
        try:
            print(repr(source), [(token.type, token.string, token.start, token.end) for token in tokenize.generate_tokens(readline)])
        except (SyntaxError, tokenize.TokenError) as error:
            print(repr(source), type(error).__name__, error.args)
