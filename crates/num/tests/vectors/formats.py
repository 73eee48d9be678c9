"""Prints formatting operations and CPython's results, one a line, separated by tabs: kind, format, value, result.

A result that starts with `!` is an exception: its class and message.
"""
import _string, random, sys

R = random.Random(14)
sys.set_int_max_str_digits(0)


def line(kind, format, value, compute):
    try:
        result = compute()
    except (ValueError, OverflowError) as error:
        result = f"!{type(error).__name__}: {error}"
    print(kind, format, value, result, sep="\t")


def pick(*choices):
    return R.choice(choices)


def some(chance, *choices):
    return R.choice(choices) if R.random() < chance else ""


def specification(kinds):
    align = some(0.5, *"<>^=")
    fill = some(0.4, *"x0é*<") if align else ""
    precision = "." + pick("0", "1", "2", "3", "5", "10", "20", "", "400") + some(0.2, *",_") if R.random() < 0.4 else ""
    return (
        fill + align + some(0.3, *"+- ") + some(0.1, "z") + some(0.2, "#") + some(0.3, "0") + some(0.5, "1", "7", "10", "25", "60")
        + some(0.3, *",_") + precision + some(0.7, *kinds)
    )


def real():
    return pick(0.0, -0.0, 1.0, -1.5, 0.04, -0.04, 1e16, 123456789.125, 1e22, 1e-7, 2.5, 3.5, float("inf"), float("-inf"), float("nan"),
                1.7976931348623157e308, 5e-324, R.uniform(-1000, 1000), R.getrandbits(70) / 3, R.uniform(-1, 1) * 10.0 ** R.randrange(-9, 25))


for _ in range(250):
    n = pick(0, 1, -1, 9, 255, 1234, -1234567, 65535, 2**64, -(2**70), 10**40, R.getrandbits(200), R.getrandbits(30))
    spec = specification("bcdoxXneEfFgG%s")
    line("int", spec, n, lambda: format(n, spec))
    x = real()
    spec = specification("eEfFgGn%d")
    line("float", spec, repr(x), lambda: format(x, spec))
    z = complex(real(), real())
    spec = specification("eEfFgGn%")
    line("complex", spec, f"{z.real!r},{z.imag!r}", lambda: format(z, spec))
    s = pick("", "a", "abc", "héllo wörld", "€")
    spec = specification("sd")
    line("str", spec, s, lambda: format(s, spec))
for spec in ["dd", ",_", "_,", ",,", "é", ",é", "99999999999999999999", ".99999999999999999999", ".2147483648f", ".", ".f", ".,_f", "._,f", "z+", "+c", "#c", ",n", "_n", ",c", "12_3", "<<<", "{<5", " z", "\x01"]:
    line("int", spec, 5, lambda: format(5, spec))
    line("float", spec, 5.0, lambda: format(5.0, spec))
    line("complex", spec, "1.0,2.0", lambda: format(1 + 2j, spec))
    line("str", spec, "a", lambda: format("a", spec))
for n in (-1, 0x110000, 0x20AC, 10**30):
    line("int", "c", n, lambda: format(n, "c"))
for _ in range(250):
    flags = "".join(R.sample("-+ #0", R.randrange(4)))
    prefix = "%" + flags + some(0.5, "1", "5", "12", "30") + (some(0.4, ".", ".0", ".1", ".5", ".20") or "") + some(0.05, *"lhL")
    n = pick(0, 1, -1, 255, -65535, 2**70, -(10**25), R.getrandbits(40))
    format_ = "[" + prefix + pick(*"dioxXu") + "%%]"
    line("%int", format_, n, lambda: format_ % n)
    x = real()
    format_ = prefix + pick(*"eEfFgG")
    line("%float", format_, repr(x), lambda: format_ % x)
    s = pick("", "a", "abc", "héllo wörld")
    format_ = "é" + prefix + "s|"
    line("%str", format_, s, lambda: format_ % s)
for format_ in ["%", "%5", "%(a", "%(a)", "a%y", "é%é", "é%5€", "%99999999999999999999d", "%.99999999999999999999d", "%.2147483648f", "%.2147483647d", "%5%", "%\x01", "%lld"]:
    line("%int", format_, 1, lambda: format_ % 1 if not format_.startswith("%(a") else format_ % {"a": 1})
for text in ["", "a", "{}", "{{}}", "a{0}b{1!r}c{2:>{w}}", "{a.b[c].d}", "{a[b}c]}", "}", "{", "a}b", "a{", "{0", "{0!", "{0!r", "{0!r:", "{0!rx}", "{0!}", "{0!}x", "{0:{", "{0:{}", "{a{b}}", "{0!é}", "{:}", "{!s}", "x{{y}}{z}", "{a:{{}}}", "{[}", "{[]}", "{a[:!]:x}", "é{é}é"]:
    line("fields", text, "", lambda: "".join(f"({literal!r} {name!r} {spec!r} {conversion!r})" for literal, name, spec, conversion in _string.formatter_parser(text)))
for text in ["", "a", "0", "12a", "a.b", "a.b.c", "a[0].b[c]", ".a", "[0]", "a.", "a[", "a[]", "a[0]b", "a..b", "99999999999999999999", "a[99999999999999999999]", "a[-1]", "0.1", "a[b[c]"]:
    def split(text=text):
        first, rest = _string.formatter_field_name_split(text)
        return f"{first!r} " + "".join(f"({attribute} {name!r})" for attribute, name in rest)
    line("split", text, "", split)
