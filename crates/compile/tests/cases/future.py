from __future__ import annotations


def function(a: (x, *y)[1:2, ...], b: lambda x, /, y=1, *z: x or y, c: f"{x!r:>{y}}" = "it's") -> not -x ** -y:
    pass


value: a.b[c] if d else {1: 2, **e} = [i for i in j if k]
other: 1e400 if "x" else b"y"
