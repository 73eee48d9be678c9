"""Calls: defaults, keywords, positional-only, stars, closures, recursion, and the errors of wrong calls."""


def full(a, b=2, /, c=3, *args, d, e=5, **rest):
    return a, b, c, args, d, e, rest


print(full(1, d=4), full(1, 20, 30, 40, 50, d=60, e=70, f=80))
print(full(*[1, 2], *(3, 4), **{"d": 5}, **{"x": 6}))


def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


one, two = counter(), counter()
print(one(), one(5), two(), one())
print([f(10) for f in [lambda x, n=n: x + n for n in range(3)]])
late = [lambda: n for n in range(3)]
print([f() for f in late])


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


print(even(300), (lambda *a, **k: (a, k))(1, 2, x=3))


def mutable(item, seen=[]):
    seen.append(item)
    return seen


print(mutable(1), mutable(2), mutable.__defaults__)


def two_arguments(a, b): ...


for call in (
    lambda: two_arguments(),
    lambda: two_arguments(1),
    lambda: two_arguments(1, 2, 3),
    lambda: two_arguments(1, c=2),
    lambda: two_arguments(1, a=2),
    lambda: full(1),
    lambda: full(a=1, d=2),
    lambda: two_arguments(*5),
    lambda: two_arguments(**5),
    lambda: two_arguments(**{1: 2}),
    lambda: two_arguments(1, **{"b": 1}, b=2),
    lambda: None(),
    lambda: len(),
    lambda: len(1, 2),
    lambda: len(x=1),
    lambda: [].append(),
    lambda: "a".split(1, 2, 3),
    lambda: int("1", bass=2),
):
    try:
        call()
    except TypeError as error:
        print(error)


def annotated(a: int, b: "later" = None) -> list[int]: ...


print(annotated.__annotations__, annotated.__name__, annotated.__qualname__, annotated.__module__, annotated.__kwdefaults__)
annotated.extra = 1
print(annotated.__dict__, annotated.__code__.co_varnames, counter.__code__.co_cellvars, one.__closure__[0].cell_contents)

# A program may put something else in the place of the set that a module's annotations use.
for value in "0", "frozenset()", "{}", "None", "set()":
    namespace = {}
    try:
        exec(f"__conditional_annotations__ = {value}\nx: int", namespace)
        print(namespace["__conditional_annotations__"])
    except TypeError as error:
        print(error)
