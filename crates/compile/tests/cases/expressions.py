def calls(f, x, *args, **kwargs):
    f(x, 1, key=2)
    f.method(x, key=2)
    f(*args, x, **kwargs, y=1)
    (f
     .method()
     .other)
    print(all(y for y in x), any(y for y in x), tuple(y for y in x))


def displays(a, b):
    return [*a, b], (a, *b), {*a, b}, {**a, "k": b}, {1, 2, 3}, (1, 2, (3, 4)), [1, 2, 3]


def strings(a, b):
    return f"{a!r:>{b}} and {b=}", "%s is %-5.3r" % (a, b), t"{a:x}{b!s}tail", f"" f"{a}", -1.5, 2j, 1 << 70


def conditions(a, b, c):
    value = a if b else c or a
    if (n := a) is not None and b in c:
        return not a, +a, ~b, a @ b
    return [(x, y) for x in a if x for y in [x + 1]], {k: v for k, v in b}, {z for z in c}, (w for w in a)
