"""Prints float and complex operations and CPython's results, one a line: `operation arguments... = results...`."""
import math, random, struct

R = random.Random(14)


def number():
    kind = R.randrange(8)
    if kind == 0:
        return struct.unpack("d", R.randbytes(8))[0]
    if kind == 1:
        return R.choice([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 0.5, 2.0, -2.0, 3.0, 1e16, 1e-5, 5e-324, 1.7976931348623157e308])
    if kind == 2:
        return R.randrange(-10000, 10000) / 8
    if kind == 3:
        return R.randrange(-100, 100) / 100
    if kind == 4:
        return R.uniform(-1, 1) * 10.0 ** R.randrange(-20, 25)
    if kind == 5:
        return float(R.randrange(10**R.randrange(1, 20)))
    if kind == 6:
        return R.randrange(-10**6, 10**6) * 5 / 10**R.randrange(5)
    return 10.0 ** R.randrange(-30, 40)


def text(x):
    if isinstance(x, complex):
        return f"{x.real!r},{x.imag!r}"
    return repr(x)


def show(name, arguments, compute):
    try:
        result = compute(*arguments)
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        result = type(error).__name__
    if name == "pow" and arguments[0] < 0 and math.isfinite(arguments[0]) and arguments[1] % 1 != 0 and math.isfinite(arguments[1]):
        result = "complex"
    result = result if isinstance(result, tuple) else (result,)
    print(name, *map(text, arguments), "=", *(x if isinstance(x, str) else text(x) for x in result))


for _ in range(150):
    a, b = number(), number()
    show("repr", (a,), repr)
    show("repr", (R.getrandbits(60) / 2**R.randrange(20),), repr)
    show("hex", (a,), float.hex)
    show("divmod", (a, b), divmod)
    show("mod", (a, b), lambda a, b: a % b)
    show("pow", (a, b), lambda a, b: a**b)
    show("round", (a, R.randrange(-25, 25)), round)
    if math.isfinite(a):
        show("ratio", (a,), float.as_integer_ratio)
        show("compare", (a, R.choice([int(a), int(a) + 1, int(a) - 1, R.getrandbits(60)])), lambda a, n: str((n > a) - (n < a)))
    for code in "efg":
        p = R.choice([0, 1, 2, 3, 6, 10, 17, 30, 400])
        print("text", repr(a), code, p, "=", f"{a:.{p}{code}}")
for _ in range(150):
    z, w = complex(number(), number()), complex(number(), number())
    show("cmul", (z, w), lambda z, w: z * w)
    show("cdiv", (z, w), lambda z, w: z / w)
    show("crdiv", (z, w), lambda z, w: z.real / w)
    show("cdivr", (z, w), lambda z, w: z / w.real)
    show("cabs", (z,), abs)
    show("crepr", (z,), repr)
    small = complex(R.randrange(-30, 30) / 4, R.randrange(-30, 30) / 4)
    show("cpow", (small, R.choice([complex(R.randrange(-9, 9)), small, 0.5 + 0j, 2.5 - 1j])), pow)
    show("cpow", (z, R.choice([0j, 2 + 0j, -1 + 0j, 1j, -3 + 0j, 100 + 0j])), pow)
for s in "1 -1 +1.5 1. .5 . 1e5 1e 1e+ 1E-3 1_0 1__0 _1 1_ 1_.5 1._5 1e1_0 inf -Infinity nan NaN +nan infinit 0x10 1e400 1e-400 4.9e-324 2.4703282292062328e-324 2.4703282292062327e-324 1,5 --1 1e99999999999999999999 0.000e-99999999999999999999".split():
    print("parse", s, "=", end=" ")
    try:
        print(repr(float(s)))
    except ValueError:
        print("invalid")
for s in "1 1j j -j +j 1+j 1-j 1+2j (1+2j) ((1)) ( ) 1+2 1j+2 1+-2j 1e5+1e-5j nan+infj infj -nanj inf-j 1_0+1_0j 1+2jj 1++2j (1+2j .j 1.j 1+.5j infinityj".split() + ["(~1+2j~)", "1~+2j", "~1j~"]:
    print("cparse", s, "=", end=" ")
    try:
        print(text(complex(s.replace("~", " "))))
    except ValueError:
        print("invalid")
for s in "0x1 1 -0x1.8p1 0x.8 0x1. 0x 0x. . inf -nan 0x1p 0x1p+ 0x1p-1074 0x1p-1075 0x1.8p-1075 0x1.0000000000001p-1075 0x1p1023 0x1p1024 0x1.fffffffffffff7p1023 0x1.fffffffffffff8p1023 0x1.00000000000008p0 0x1.000000000000080001p0 0x1.00000000000018p0 ABCDEFp3 0x0p99999999999999999999 0x1p-99999999999999999999 0x1p99999999999999999999 0x1g Infinity infi 0x123456789abcdef0123456789abcdef01234567 0x1.8P3 --1".split():
    print("fromhex", s, "=", end=" ")
    try:
        print(repr(float.fromhex(s)))
    except (ValueError, OverflowError) as error:
        print(type(error).__name__)
