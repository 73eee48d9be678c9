"""Format specifications, `%`, `str.format`, f-strings, and numbers read from texts."""

import re

import _values

NUMBERS = list("0011234567899..__eE+-jJxXbBoOaAfF infnan#(),") + [
    "nan",
    "inf",
    "infinity",
    "0x",
    "0b",
    "0o",
    "1.",
    ".5",
    "e-5",
    "e+400",
    "\\u0663",
    "\\xa0",
    "\\ud800",
    "\\x00",
    "p",
    "P-1022",
]
FIELDS = [
    "{}",
    "{0}",
    "{1}",
    "{x}",
    "{0!r}",
    "{!s}",
    "{!a}",
    "{x.real}",
    "{0[1]}",
    "{x[a]}",
    "{0.__class__}",
    "{{",
    "}}",
    "{",
    "}",
    "a",
    "{:>{}}",
    "{0:{1}}",
    "{!}",
    "{!x}",
    "{ 0}",
    "{x.}",
    "{0[}",
    "{0[]}",
    "{0[-1]}",
    "{0]}",
    "{:{{}}}",
    "{01}",
    "{99999999999999999999}",
    "{-1}",
]


def value(random):
    match random.randrange(9):
        case 0 | 1:
            return _values.integer(random)
        case 2 | 3:
            return _values.floating(random)
        case 4:
            return str(random.uniform(-1, 1) * 10 ** random.randrange(-320, 309))
        case 5:
            return _values.complexes(random)
        case 6:
            return _values.text(random)
        case 7:
            return str(random.getrandbits(random.choice([10, 47, 64, 200])) * random.choice([1, -1]))
    return random.choice([_values.a_list, _values.a_tuple, _values.a_dict, _values.octets, _values.octet_array, lambda _: "None", lambda _: "True"])(
        random
    )


def specification(random):
    parts = [
        random.choice(["", "", "", random.choice("<>=^"), random.choice("*é0{}x ") + random.choice("<>=^"), "\\U0001f600^"]),
        random.choice(["", "", random.choice("+- ")]),
        random.choice(["", "", "", "z"]),
        random.choice(["", "", "#"]),
        random.choice(["", "", "0", "00"]),
        random.choice(["", "", str(random.randrange(30)), "1000", "99999999999999999999"]),
        random.choice(["", "", "", ",", "_", ",_"]),
        random.choice(["", "", "." + str(random.randrange(25)), ".0", ".", ".400", ".99999999999999999999", ".5,", ".3_", ".,", "._"]),
        random.choice([*"bcdeEfFgGnosxX%rsdfg", "", "", ""]),
    ]
    if random.random() < 0.08:
        random.shuffle(parts)
    elif random.random() < 0.03:
        return "\\ud800" + random.choice("<>^") + parts[5]
    return "".join(parts)


def conversion(random):
    parts = [
        "%",
        random.choice(["", "", "", "", "(a)", "(b)", "()", "((a))", "(a"]),
        "".join(random.choice("#0- +") for _ in range(random.choice([0, 0, 1, 2]))),
        random.choice(["", "", "*", str(random.randrange(20)), "300", "99999999999999999999"]),
        random.choice(["", "", "." + str(random.randrange(25)), ".", ".*", ".60", ".99999999999999999999"]),
        random.choice(["", "", "", "l", "h", "L", "ll"]),
        random.choice("diouxXeEfFgGcrsa%bdsfgrz"),
    ]
    if random.random() < 0.05:
        parts.pop()
    return "".join(parts)


def template(random):
    return "".join(
        random.choice([random.choice(FIELDS), f"{{:{specification(random)}}}", f"{{x!r:{specification(random)}}}"])
        for _ in range(random.randrange(1, 4))
    )


def operand(random, pattern):
    if "*" in pattern:  # CPython looks at the value before it finds that a number for `*` is too large.
        return (
            "("
            + "".join(
                random.choice([_values.small, _values.small, _values.floating, _values.text])(random) + ", " for _ in range(random.randrange(5))
            )
            + ")"
        )
    match random.randrange(6):
        case 0:
            return value(random)
        case 1:
            return f"{{'a': {value(random)}, 'b': {value(random)}, '': 1}}"
    return "(" + "".join(f"{value(random)}, " for _ in range(random.choice([0, 1, 1, 2, 3]))) + ")"


def numeral(random):
    return "'" + "".join(random.choice(NUMBERS) for _ in range(random.randrange(1, 9))) + "'"


def line(random):
    match random.randrange(14):
        case 0 | 1 | 2 | 3:
            return f"r = format({value(random)}, '{specification(random)}')"
        case 4 | 5:
            pattern = "".join(conversion(random) for _ in range(random.choice([1, 1, 2])))
            return f"r = '{pattern}' % {operand(random, pattern)}"
        case 6:
            pattern = f"b'{conversion(random)}'"
            return f"r = {random.choice([pattern, f'bytearray({pattern})'])} % {operand(random, pattern)}"
        case 7 | 8:
            return f"x = {value(random)}; r = '{template(random)}'.format({value(random)}, {_values.small(random)}, x=x)"
        case 9:
            return f"x = {value(random)}; r = f'{{x{random.choice(['', '!r', '!s', '!a', '='])}:{specification(random)}}}'"
        case 10:
            return f"x = {_values.small(random)}; y = {value(random)}; r = f'{{y:{{x}}{random.choice([*'dfgexs', ''])}}}', f'{{y:.{{x}}}}'"
        case 11:
            return f"r = {random.choice(['repr', 'str', 'ascii', 'bin', 'hex', 'oct', 'float.hex'])}({value(random)})"
        case 12:
            return f"r = int({numeral(random)}, {random.choice([0, 2, 8, 10, 16, 36, 37, random.randrange(2, 37)])})"
    name = random.choice(["float", "complex", "int", "float.fromhex"])
    # Of other texts, CPython's complex() looks at the part before a surrogate or zero.
    return f"r = {name}({re.sub(r'\\ud800|\\x00', '', numeral(random)) if name == 'complex' else numeral(random)})"


def case(random):
    source = line(random)
    return source, _values.outcome(source, {})
