"""Pieces of Python sources, changed at random."""

import functools
import pathlib

TOKENS = r"""
( ) [ ] { } : , . = == := * ** @ -> if else lambda async await yield def class for in not is None match case _ type except* finally: try: with as
import from global nonlocal del return raise 0x 1e 1_ 0b1 !r ! % & << >>= ~ ... break continue pass *a **k / print ' " \''' b' f' f"{ }" t'{ \ # ; é
""".split() + [" ", "    ", "\t", "\n", "\x0c", "\u2028"]


@functools.cache
def sources():
    scripts = pathlib.Path(__file__).resolve().parents[3] / "tests" / "python"
    return [path.read_text(encoding="utf-8").split("\n") for path in sorted(scripts.rglob("*.py"))]


def piece(random):
    """Some lines, moved to the left."""
    lines = random.choice(sources())
    count = random.randrange(1, 30)
    start = random.randrange(max(1, len(lines) - count))
    chosen = lines[start : start + count]
    margin = min((len(line) - len(line.lstrip()) for line in chosen if line.strip()), default=0)
    return "\n".join(line[margin:] for line in chosen) + "\n"


def mutated(random, text, changes):
    for _ in range(changes):
        text = random.choice(MUTATIONS)(random, text)
    return text


def insert_token(random, text):
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TOKENS) + text[at:]


def remove(random, text):
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.randrange(1, 6) :]


def repeat(random, text):
    at, other = (random.randrange(len(text) + 1) for _ in range(2))
    return text[:at] + text[other : other + random.randrange(1, 20)] + text[at:]


def exchange_words(random, text):
    words = text.split(" ")
    one, other = (random.randrange(len(words)) for _ in range(2))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def indent_line(random, text):
    lines = text.split("\n")
    at = random.randrange(len(lines))
    lines[at] = random.choice([" ", "  ", "\t"]) + lines[at]
    return "\n".join(lines)


MUTATIONS = [insert_token, remove, repeat, exchange_words, indent_line]
