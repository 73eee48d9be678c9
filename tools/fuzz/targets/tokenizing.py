"""Sources as `tokenize` sees them, in text and in bytes of several encodings."""

import io
import tokenize

import _sources

ENCODINGS = ["utf-8", "utf-8-sig", "latin-1", "cp1252", "ascii", "koi8-r", "unknown"]


def case(random):
    source = _sources.mutated(random, _sources.piece(random), random.randrange(4))
    if random.random() < 0.5:
        return repr(source), outcome(tokenize.generate_tokens, io.StringIO(source).readline)
    declared, used = random.choice(ENCODINGS), random.choice(ENCODINGS[:-1])
    data = f"# -*- coding: {declared} -*-\n{source}".encode(used, errors="replace")
    if random.random() < 0.3:
        at = random.randrange(len(data))
        data = data[:at] + random.randbytes(2) + data[at:]
    return repr(data), outcome(tokenize.tokenize, io.BytesIO(data).readline) + compiled(data)


def outcome(tokens, readline):
    try:
        return repr([tuple(token) for token in tokens(readline)])
    except (SyntaxError, tokenize.TokenError, UnicodeError) as error:
        # Where CPython places the end of the text depends on what it has kept of the lines before.
        args = error.args[:1] if "EOF" in error.args[0] else error.args
        return f"{type(error).__name__}{args!r}"


def compiled(data):
    try:
        return f" {compile(data, '<case>', 'exec').co_code!r}"
    except (SyntaxError, ValueError) as error:
        return f" {type(error).__name__} {error}"
