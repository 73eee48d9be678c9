"""Loops with else, match, walrus, conditional expressions, del, global, scopes, imports and the built-in eval family."""

for n in range(2, 12):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        print(n, end=" ")
print()
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 4:
        break
else:
    print("not reached")
print(i, x if (x := 3) > 2 else "no", [y := 1, y**2], (lambda: y)())


def kind(value):
    match value:
        case 0 | 0.5:
            return "number"
        case "a" | "b" as letter:
            return f"letter {letter}"
        case [] | ():
            return "empty"
        case [x]:
            return f"one {x}"
        case [1, *rest]:
            return f"from one {rest}"
        case [x, y] if x == y:
            return "equal"
        case {"type": "t", **rest}:
            return f"mapping {rest}"
        case str() | bytes():
            return "text"
        case int(n) if n > 100:
            return f"big {n}"
        case complex(real=1.0, imag=i):
            return f"complex {i}"
        case None | True | False:
            return "constant"
        case _:
            return "other"


print([kind(v) for v in (0, "b", [], [5], (1, 2, 3), [2, 2], [2, 3], {"type": "t", "k": 1}, {"x": 1}, "zz", b"", 101, 5, 1 + 2j, None, True, print)])
scope = "global"


def scopes():
    scope = "local"

    class Inner:
        scope = "class"

        def method(self):
            return scope

        seen = [scope for _ in range(1)]

    def change():
        global scope
        scope = "changed"

    change()
    return scope, Inner().method(), Inner.seen, Inner.scope


print(scopes(), scope)
namespace = {"a": 5}
exec("b = a + 1\ndef f(): return b", namespace)
print(eval("a * b", namespace), namespace["f"](), eval(compile("1 + 1", "<x>", "eval")), eval("[x for x in range(3)]"))
print(sorted(k for k in locals() if k in ("i", "n", "x", "scope")), "print" in dir(__builtins__), callable(print), globals()["scope"])


def unbound():
    print(local)
    local = 1


def free():
    def inner():
        return later

    result = []
    try:
        inner()
    except NameError as error:
        result.append(str(error))
    later = 2
    return result + [inner()]


for bad in (unbound, lambda: undefined, lambda: exec("del never"), lambda: exec("import nowhere.at_all"), lambda: exec("from os import nothing_such")):
    try:
        bad()
    except (NameError, ImportError) as error:
        print(type(error).__name__, str(error).split(" (")[0])
print(free())
import os.path, sys as system
from collections import OrderedDict as OD, deque

print(os.path.join("a", "b"), system.__name__, OD.__name__, deque([1]))
a = b = c = [1]
a += [2]
print(b, a is c, a == [1, 2], a is not None, not a, a and "yes", a or "no", None or 0 or [])
del a, b
print("a" in globals(), c)
x, y, *z = 1, 2, 3, 4
x, y = y, x
print(x, y, z, 1 if z else 2, *z, sep="-")
print(__name__, __doc__[:5], type(__builtins__).__name__)
assert True, "never"
lines = []
for a, (b, *c) in [(1, (2, 3)), (4, "xyz")]:
    lines.append((a, b, c))
print(lines, [*range(3)], {**{"a": 1}}, (*"ab", 1))
