"""Write a table of patterns, subjects and the matches that CPython finds, for `crates/regex/tests`.

    python3.14 tools/regex/table.py cases            the curated table (crates/regex/tests/data/cases.tsv)
    python3.14 tools/regex/table.py random SEED N    N random patterns, for a differential run:
                                                     cargo run -p bredli-regex --example compare -- FILE
"""

import random
import re
import signal
import sys
import warnings
from re import _compiler, _parser

from cases import CASES

warnings.simplefilter("ignore")
METHODS = "match", "fullmatch", "search", "finditer"


def code_of(pattern, flags):
    parsed = _parser.parse(pattern, flags)
    return parsed.state.groups - 1, _compiler._code(parsed, flags)


def show(found):
    if found is None:
        return "none"
    spans = ["-" if start < 0 else f"{start}-{end}" for start, end in found.regs]
    last = found.lastindex
    return f"{','.join(spans)}:{'-' if last is None else last}"


class Timeout(Exception):
    pass


def on_alarm(*_):
    raise Timeout


def write(pattern, flags, subjects, methods=METHODS, bounds=None):
    compiled = re.compile(pattern, flags)
    groups, code = code_of(pattern, flags)
    kind = "s" if isinstance(pattern, str) else "b"
    lines = [f"P\t{pattern!a} {flags}\t{kind}\t{groups}\t{' '.join(f'{word:x}' for word in code)}"]
    for subject in subjects:
        data = subject.encode("utf-8", "surrogatepass") if kind == "s" else subject
        pos, end = bounds or (0, len(subject))
        for method in methods:
            signal.setitimer(signal.ITIMER_REAL, 1)
            try:
                found = getattr(compiled, method)(subject, pos, end)
                result = "|".join(map(show, found)) if method == "finditer" else show(found)
            except Timeout:
                continue
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            lines.append(f"S\t{method}\t{pos}\t{end}\t{data.hex()}\t{result}")
    sys.stdout.write("\n".join(lines) + "\n")


class Generator:
    """Random patterns over a small alphabet, so that they match often."""

    def __init__(self, rng):
        self.rng = rng

    def pattern(self, text):
        self.groups = 0
        self.closed = []
        self.text = text
        self.alphabet = self.rng.choice(["ab", "abc", "aB1 ", "a\n_b"] + (["aéß€", "aſkK\u212a", "İiıI", "😀a😁", "aµμ"] if text else []))
        return self.alternatives(self.rng.randint(1, 4))

    def alternatives(self, depth, fixed=False):
        count = 1 if fixed else self.rng.choice([1, 1, 1, 2, 3])
        return "|".join(self.sequence(depth, fixed) for _ in range(count))

    def sequence(self, depth, fixed=False):
        return "".join(self.item(depth, fixed) for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3])))

    def quantifier(self):
        base = self.rng.choice(["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{,3}", "{2,}", "{1,3}"])
        return base + self.rng.choice(["", "", "", "?", "+"])

    def item(self, depth, fixed):
        rng = self.rng
        kind = rng.random()
        if depth > 0 and kind < 0.4:
            atom = self.group(depth, fixed)
        elif kind < 0.45 and self.closed and not fixed:
            atom = f"(?:\\{rng.choice(self.closed)})"
        elif kind < 0.53:
            return rng.choice(["^", "$", r"\b", r"\B", r"\A", r"\Z"])
        else:
            atom = self.single()
        if not fixed and rng.random() < 0.4:
            atom += self.quantifier()
        return atom

    def single(self):
        rng = self.rng
        choice = rng.random()
        if choice < 0.55:
            return re.escape(rng.choice(self.alphabet))
        if choice < 0.65:
            return "."
        if choice < 0.8:
            return rng.choice([r"\w", r"\W", r"\d", r"\s", r"\S", r"\D"])
        members = "".join(re.escape(rng.choice(self.alphabet)) for _ in range(rng.randint(1, 3)))
        members += rng.choice(["", "", r"\d", r"\w", "a-c", r"\s"]) + (rng.choice(["", "", "é-ω", "\u0100-\U0001F680"]) if self.text else "")
        return f"[{rng.choice(['', '', '^'])}{members}]"

    def group(self, depth, fixed):
        rng = self.rng
        kind = rng.random()
        if kind < 0.45:
            self.groups += 1
            number = self.groups
            body = self.alternatives(depth - 1, fixed)
            self.closed.append(number)
            return f"({body})"
        if kind < 0.6:
            return f"(?:{self.alternatives(depth - 1, fixed)})"
        if kind < 0.7:
            return f"(?{rng.choice('=!')}{self.alternatives(depth - 1)})"
        if kind < 0.8:
            return f"(?<{rng.choice('=!')}{self.alternatives(depth - 1, True)})"
        if kind < 0.88:
            return f"(?>{self.alternatives(depth - 1, fixed)})"
        if self.closed and not fixed:
            group = rng.choice(self.closed)
            return f"(?({group}){self.sequence(depth - 1)}|{self.sequence(depth - 1)})"
        return f"(?:{self.alternatives(depth - 1, fixed)})"

    def subject(self):
        rng = self.rng
        extra = "a b" if not self.text else "a bé€"
        return "".join(rng.choice(self.alphabet + self.alphabet + extra) for _ in range(rng.choice([0, 1, 2, 4, 7, 12])))


def random_table(seed, count):
    rng = random.Random(seed)
    generator = Generator(rng)
    while count:
        text = rng.random() < 0.75
        pattern = generator.pattern(text)
        flags = sum(flag for flag in (re.I, re.M, re.S) if rng.random() < 0.25)
        subjects = [generator.subject() for _ in range(4)]
        if text:
            flags |= re.A if rng.random() < 0.2 else 0
        else:
            pattern = pattern.encode("latin-1")
            subjects = [subject.encode("latin-1") for subject in subjects]
            flags |= re.L if rng.random() < 0.2 else 0
        try:
            re.compile(pattern, flags)
        except re.PatternError:
            continue
        bounds = None
        if rng.random() < 0.2:
            subjects = subjects[:1]
            bounds = rng.randint(0, len(subjects[0])), rng.randint(0, len(subjects[0]))
            bounds = min(bounds), max(bounds)
        write(pattern, flags, subjects, bounds=bounds)
        count -= 1


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, on_alarm)
    if sys.argv[1] == "random":
        random_table(int(sys.argv[2]), int(sys.argv[3]))
    else:
        for pattern, flags, *subjects in CASES:
            write(pattern, flags, subjects)
