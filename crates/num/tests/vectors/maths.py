"""Prints `math`, `cmath` and `random` calls and CPython's results, separated by tabs: function, arguments, result.

A result that starts with `!` is an exception's message.
"""
import cmath, math, random

R = random.Random(14)
ONE = "acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp2 expm1 gamma lgamma sin sinh sqrt tan tanh degrees radians log log2 log10 log1p ulp frexp modf".split()
TWO = "pow fmod remainder atan2".split()
COMPLEX = "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh phase polar".split()


def real():
    return R.choice([0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -3.0, 1e308, -1e308, 1e4, 710.5, 171.5, 5e-324, math.inf, -math.inf, math.nan,
                     R.uniform(-2, 2), R.uniform(-200, 200), R.uniform(-1, 1) * 10.0 ** R.randrange(-300, 300), float(R.randrange(-30, 180))])


def text(x):
    if isinstance(x, complex):
        return f"{x.real!r},{x.imag!r}"
    if isinstance(x, (tuple, list)):
        return " ".join(map(text, x))
    return repr(x)


def show(name, arguments, compute):
    try:
        result = text(compute(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        result = f"!{error}"
    print(name, text(arguments), result, sep="\t")


for _ in range(25):
    for name in ONE:
        show(name, (real(),), getattr(math, name))
    for name in TWO:
        show(name, (real(), real()), getattr(math, name))
    show("fma", (real(), real(), real()), math.fma)
    show("nextafter", (real(), real(), R.choice([0, 1, 2, 1000, 2**62])), lambda x, y, n: math.nextafter(x, y, steps=n))
    show("ldexp", (real(), R.choice([0, 1, -1, 1023, -1074, 5000, -5000, 2**40, -(2**40)])), math.ldexp)
    show("isclose", (real(), real()), math.isclose)
    p, q = [real() for _ in range(5)], [R.uniform(-1, 1) * 10.0 ** R.randrange(-20, 20) for _ in range(6)]
    show("fsum", p, lambda *p: math.fsum(p))
    show("fsum", q, lambda *p: math.fsum(p))
    show("hypot", p[:3], math.hypot)
    show("hypot", q, math.hypot)
    show("dist", q, lambda *q: math.dist(q[:3], q[3:]))
    show("sumprod", q, lambda *q: math.sumprod(q[:3], q[3:]))
    n = R.choice([0, 1, -1, 7, 2**63, R.getrandbits(2000), 10**400, 1 << 1024, (1 << 3000) - 1])
    show("logint", (n,), math.log)
    show("log2int", (n,), math.log2)
    show("log10int", (n,), math.log10)
    for name in COMPLEX:
        show("c" + name, (complex(real(), real()),), getattr(cmath, name))
    show("crect", (real(), real()), cmath.rect)
    show("clogbase", (complex(real(), real()), complex(real(), real())), cmath.log)
for seed in (0, 1, -5, 2**32, 2**64 + 7, 3**500):
    r = random.Random(seed)
    show("random", (seed,), lambda s: [r.random(), r.random(), r.getrandbits(7), r.getrandbits(32), r.getrandbits(33), r.getrandbits(64), r.getrandbits(200), [r.random() for _ in range(700)][-1]])
