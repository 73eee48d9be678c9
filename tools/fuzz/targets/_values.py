"""Expressions of built-in types, chosen at random, and what is to be seen of their values."""

import hashlib
import itertools
import re

INTEGERS = "0 1 -1 2 3 7 10 -16 63 64 255 256 -128 65535 2**31 -2**31-1 2**47 -2**47 2**48 2**62 2**63-1 -2**63 2**64 10**19 -10**30 3**80 True False".split()
SIZES = "0 1 2 3 5 9 17 -1 -2 -7 True 2**63-1 -2**63 2**64 -10**30".split()
FLOATS = "0.0 -0.0 1.0 -1.5 0.1 2.5 1e16 1e22 -1e-5 5e-324 1.7976931348623157e308 float('inf') float('-inf') float('nan') 123456789.125 2.0**53 1/3".split()
LETTERS = (
    list("aaabbcAB xyz019_-+.,%{}()é")
    + r"\t \n \r \x00 \x1c \x85 \xdf \xaa \u0130 \u01c5 \u0345 \u03a3 \u0660 \u2028 \u2160 \ufb01 \ud800 \udc80 \udcff \U0001f600 \U00010400 \\".split()
)
BYTES = list("aaabbcAB xyz019_-+.,%") + r"\x00 \x09 \n \r \x0b \x1c \x7f \x80 \x85 \xa0 \xc3 \xa9 \xff \xed\xa0\x80 \xf0\x9f\x98\x80 \\".split()
WORDS = "'utf-8' 'ascii' 'latin-1' 'utf-16' 'utf-32-le' 'unicode-escape' 'strict' 'ignore' 'replace' 'surrogateescape' 'surrogatepass' 'backslashreplace' 'little' 'big' 'nonesuch'".split()
OTHERS = "None ... NotImplemented object int str len slice iter([1]) iter('ab')".split()
FORMATS = "B b c H h i q d ?".split()


def integer(random):
    return random.choice(INTEGERS) if random.random() < 0.4 else str(random.randrange(-8, 20))


def size(random):
    return random.choice(SIZES) if random.random() < 0.4 else str(random.randrange(-8, 20))


def small(random):
    return str(random.randrange(-12, 25))


def number(random):
    return random.choice([integer, integer, floating, complexes])(random)


def floating(random):
    return random.choice(FLOATS)


def complexes(random):
    return f"complex({floating(random)}, {floating(random)})"


def text(random):
    if random.random() < 0.1:
        return random.choice(
            ["'12'", "' -7_0 '", "'1e5'", "'0x1f'", "'ff 00'", "'nan'", "'inf'", "'1+2j'", "'a,b,,c'", "'ǅungla Éa'", "'line\\r\\nline\\x0b'"]
        )
    return "'" + "".join(random.choice(LETTERS) for _ in range(random.choice([0, 1, 1, 2, 3, 5, 9]))) + "'"


def octets(random):
    if random.random() < 0.1:
        return random.choice(["b'12'", "b' -7_0 '", "b'1e5'", "b'ff 00'", "b'a,b,,c'", "b'line\\r\\nline\\x0b'"])
    return "b'" + "".join(random.choice(BYTES) for _ in range(random.choice([0, 1, 1, 2, 3, 5, 9]))) + "'"


def octet_array(random):
    return f"bytearray({octets(random)})"


def view(random):
    content = f"bytearray({octets(random)})" if random.random() < 0.4 else octets(random)
    chosen = f"memoryview({content})"
    match random.randrange(6):
        case 0:
            return f"{chosen}{slices(random)}"
        case 1:
            return f"memoryview(bytes(range(24))).cast('{random.choice(FORMATS)}')"
        case 2:
            return "memoryview(bytearray(range(24))).cast('B', " + random.choice(["[2, 3, 4]", "[4, 6]", "[24, 1]", "(24,)"]) + ")"
    return chosen


def slices(random):
    parts = [random.choice(["", "", size(random)]) for _ in range(random.choice([2, 2, 3]))]
    return "[" + ":".join(parts) + "]"


def ranges(random):
    if random.random() < 0.2:
        return random.choice(
            [
                "range(2**63, 2**63+5)",
                "range(10**30, 10**30-9, -2)",
                "range(2**64, 0, -2**62)",
                "range(0)",
                "range(5, 5, -1)",
                "range(-2**63, 2**63, 2**62)",
            ]
        )
    return f"range({random.randrange(-9, 9)}, {random.randrange(-9, 30)}, {random.choice([1, 1, 2, 3, -1, -2, 7])})"


def a_slice(random):
    return "slice(" + ", ".join(random.choice(["None", size(random)]) for _ in range(random.randrange(1, 4))) + ")"


def several(random, make):
    return [make(random) for _ in range(random.choice([0, 1, 1, 2, 3, 4]))]


def a_list(random):
    return "[" + ", ".join(several(random, element)) + "]"


def a_tuple(random):
    return "(" + "".join(item + "," for item in several(random, element)) + ")"


def a_set(random):
    return random.choice(["set", "frozenset"]) + "([" + ", ".join(several(random, key)) + "])"


def a_dict(random):
    return "{" + ", ".join(f"{key(random)}: {element(random)}" for _ in range(random.choice([0, 1, 1, 2, 3]))) + "}"


def key(random):
    """A key; no NaN, which is one object in Bredli and several in CPython."""
    return random.choice(
        [integer, integer, text, text, lambda random: floating(random).replace("nan", "inf"), octets, lambda _: "None", lambda _: "(1, 'a')"]
    )(random)


def element(random):
    return random.choice([integer, integer, integer, text, text, floating, octets, lambda _: "None", lambda _: "[1]", lambda _: "(1, 2)"])(random)


KINDS = {
    "str": text, "bytes": octets, "bytearray": octet_array, "int": integer, "float": floating, "complex": complexes, "list": a_list, "tuple": a_tuple,
    "dict": a_dict, "set": a_set, "frozenset": a_set, "range": ranges, "slice": a_slice, "memoryview": view,
}  # fmt: skip


def anything(random):
    match random.randrange(8):
        case 0:
            return random.choice(OTHERS)
        case 1:
            return random.choice(WORDS)
        case 2:
            return f"{random.choice(['set', 'frozenset'])}([{key(random)}])"
    return random.choice([make for make in KINDS.values() if make is not a_set])(random)


def described(value, depth=0):
    """A value with its type, free of addresses and of the order of sets."""
    kind = type(value).__name__
    if depth > 4:
        return kind
    match value:
        case None | int() | float() | complex() | str() | bytes() | bytearray() | range():
            return shortened(f"{kind} {value!r}")
        case type():
            return repr(value)
        case list() | tuple() | slice():
            items = [value.start, value.stop, value.step] if isinstance(value, slice) else value
            return shortened(f"{kind}({', '.join(described(item, depth + 1) for item in items)})")
        case set() | frozenset():
            return shortened(f"{kind}({', '.join(sorted(described(item, depth + 1) for item in value))})")
        case dict():
            return shortened(f"{kind}({', '.join(described(pair, depth + 1) for pair in value.items())})")
        case memoryview():
            try:
                return f"{kind}({value.format}, {value.shape}, {value.strides}, {value.readonly}, {value.tobytes()})"
            except ValueError as error:
                return f"{kind}: {error}"
    if hasattr(type(value), "__iter__") and "set_iter" not in kind:
        try:
            return f"{kind} of {described(list(itertools.islice(value, 50)), depth + 1)}"
        except Exception as error:
            return f"{kind}, {failed(error)}"
    return kind


def failed(error):
    return shortened(f"{type(error).__name__}: {error}")


def shortened(shown):
    shown = re.sub(" at 0x[0-9a-f]+>", ">", shown)
    if len(shown) <= 300:
        return shown
    return f"{shown[:200]}… {len(shown)} {hashlib.sha256(shown.encode(errors='backslashreplace')).hexdigest()[:12]}"


def outcome(source, names):
    """What running a line gives, and what it leaves in `x`."""
    try:
        exec(source, names)
        shown = described(names.get("r"))
    except Exception as error:
        shown = failed(error)
    return ascii(f"{shown}; {described(names['x'])}" if "x" in names else shown)
