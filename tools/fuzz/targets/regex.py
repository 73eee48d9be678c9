"""Regular expressions: what they match in random subjects, or the error."""

import re

import _values

# Left out: `(?a:` (CPython's search takes the first set for one of the outer flags), and ends before starts (documented to find nothing).
CHARACTERS = list("aaabbcdAB01_ -\n],}éſ\u212aİßς😀\ud800") + r"\\ \. \n \t \x41 \u00e9 \U0001F600 \N{BULLET} \101 \0 \07".split()
CLASSES = r"\d \D \s \S \w \W . .".split()
PLACES = r"^ $ \A \Z \z \b \B".split()
OPENINGS = "( ( ( (?: (?: (?P<n> (?P<m> (?= (?! (?<= (?<! (?> (?i: (?s-i: (?m: (?x: (?-i: (?(1) (?(n) (?(2)".split()
BROKEN = r"""
( ) [ ] { * + ? (? (?P (?P< (?P= (?( (?< (?<= \ \x \u12 \N{ \8 \99 \q [z-a] [a-\d] {2,1} (?z) (?i (?-i) (?-u:a) (?au) (?P<1>a) (?P<a-b>) (?# (?#a) a**
(?i-i:a) (?: (?L) \400 (?P>a) (?(9)a) (?(n)a) (?(1)a|b|c) {99999999999} (?<=a*) (?<!a|bc) a{,3}+ [[a] [a--b] [a||b] [^] []a] [^]a]
""".split()
RANGES = r"a-c A-Z 0-9 \x00-\x1f é-ſ a-\xff - ^ z-a \b K-\u2130".split()
FLAGS = "re.I re.M re.S re.X re.A re.U re.L re.I|re.M re.I|re.A".split()
SUBJECTS = list("aaaabbbccdAB01_ -\n.éÉſ\u212aKkİiıßẞςσΣ😀\ud800\x00\x85\u2028٣•\t\\]},")
REPLACEMENTS = r"x \1 \g<0> \g<1> \g<n> <\2> \n \\ \q \g< \g<9> \g<a-b> \0 \07 \377 \400 \99 \x \g<01> \ ".split() + [""]


def pattern(random, depth=0, repeated=0):
    return "".join(piece(random, depth, repeated) for _ in range(random.choice([1, 1, 2, 2, 3])))


def piece(random, depth, repeated):
    times = repeat(random, repeated)
    return atom(random, depth, repeated + (times != "")) + times


def repeat(random, repeated):
    """What says how often the piece before it comes; within what is repeated itself only few times, so that trying all ways ends soon."""
    if repeated > 1 or random.random() < 0.65:
        return ""
    if repeated:
        return random.choice(["?", "{2}", "{,2}"]) + random.choice(["", "?", "+"])
    counted = f"{{{random.choice(['', 0, 1, 2])},{random.choice(['', 1, 2, 3])}}}"
    return random.choice(["*", "+", "?", "{2}", "{1,}", counted, counted]) + random.choice(["", "", "?", "+"])


def atom(random, depth, repeated):
    kind = random.random()
    if kind < 0.35 or depth > 3:
        return random.choice(CHARACTERS)
    if kind < 0.47:
        return random.choice(CLASSES)
    if kind < 0.53:
        return random.choice(PLACES)
    if kind < 0.63:
        return characters(random)
    if kind < 0.65:
        return random.choice(BROKEN)
    if kind < 0.71:
        return random.choice(["\\1", "\\2", "(?P=n)", "(?P=m)"])
    inner = pattern(random, depth + 1, repeated)
    if random.random() < 0.4:
        inner += "|" + (pattern(random, depth + 1, repeated) if random.random() < 0.8 else "")
    return random.choice(OPENINGS) + inner + ")"


def characters(random):
    items = []
    for _ in range(random.randrange(1, 4)):
        items.append(random.choice(random.choice([CHARACTERS, CLASSES, RANGES])))
    return random.choice(["[", "[", "[^"]) + "".join(items) + "]"


def subject(random):
    return "".join(random.choice(SUBJECTS) for _ in range(random.choice([0, 1, 3, 6, 10, 12])))


def as_bytes(text):
    return text.encode("latin-1", "replace")


def case(random):
    source, text, replacement = pattern(random), subject(random), random.choice(REPLACEMENTS)
    if random.random() < 0.1:
        source = random.choice(["(?i)", "(?m)", "(?s)", "(?x)", "(?a)", "(?u)", "(?L)", "(?ims)"]) + source
    if random.random() < 0.25:
        source, text, replacement = as_bytes(source), as_bytes(text), as_bytes(replacement)
    flags = random.choice(FLAGS) if random.random() < 0.4 else "0"
    first = random.randrange(-2, 6)
    bounds = (first, random.randrange(max(first, 0), 20)) if random.random() < 0.2 else ()
    shown = outcome(source, eval(flags), text, replacement, bounds)
    return ascii((source, flags, text, replacement, bounds)), ascii(shown)


def outcome(source, flags, text, replacement, bounds):
    try:
        compiled = re.compile(source, flags)
    except re.PatternError as error:
        return error.args, error.msg, error.pos, error.lineno, error.colno
    except Exception as error:
        return _values.failed(error)
    actions = {
        "match": lambda: found(compiled.match(text, *bounds)),
        "fullmatch": lambda: found(compiled.fullmatch(text, *bounds)),
        "finditer": lambda: [found(match) for match in compiled.finditer(text, *bounds)],
        "findall": lambda: compiled.findall(text, *bounds),
        "split": lambda: compiled.split(text, 3),
        "sub": lambda: compiled.subn(replacement, text, 4),
        "expand": lambda: [match.expand(replacement) for match in compiled.finditer(text)],
    }
    return compiled.groups, dict(compiled.groupindex), compiled.flags, [attempt(action) for action in actions.values()]


def found(match):
    if match is None:
        return None
    return match.regs, match.lastindex, match.lastgroup, match.groupdict()


def attempt(action):
    try:
        return action()
    except Exception as error:
        return _values.failed(error)
