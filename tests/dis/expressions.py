a, (b, *c), d[0], e.f = 1, (2, 3, 4), 5, 6
x = y = -a ** 2 + b // 3 % 4 @ c << 1 & ~d | e ^ 1
print(f"{a!r:>{b}} and {c=} {{}}", t"{a} {b:x}", sep="", *d, **{"end": "\n", **e})
x[1:2], x[::3], x[a, ...] = [1, 2, 3], (1, 2, 3), {4, 5, 6}
if (n := len(x)) > 10 and not a or b in c is not None:
    x += 1_000_000_000_000_000_000_000
    x[0] @= 2.5j
    e.f -= 0x10
ok = a < b <= c != d
big = {"a": 1, "b": [*c, 1], **d}
del a, e.f, d[0]
