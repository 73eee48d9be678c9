"""Generators: send, throw, close, yield from, return values, laziness and misuse."""


def echo():
    received = None
    while True:
        try:
            received = yield received
        except ValueError as error:
            received = f"caught {error}"
        except GeneratorExit:
            print("closing")
            raise


g = echo()
print(next(g), g.send(1), g.send("two"), g.throw(ValueError("x")))
g.close()
print(list(g))


def inner():
    x = yield 1
    print("inner got", x)
    try:
        yield 2
    finally:
        print("inner done")
    return "result"


def outer():
    result = yield from inner()
    print("outer got", result)
    yield from [10, 20]
    return 99


o = outer()
print(next(o), o.send("hello"), next(o), next(o))
try:
    next(o)
except StopIteration as stop:
    print("stopped with", stop.value)


def countdown(n):
    while n:
        yield n
        n -= 1


print(list(countdown(3)), sum(countdown(4)), max(countdown(5)), *countdown(2))
a, *b = countdown(4)
print(a, b, dict(zip("ab", countdown(2))), [(x, y) for x in countdown(2) for y in countdown(x)])
squares = (n * n for n in countdown(3))
print(9 in squares, list(squares))


def bad():
    raise StopIteration("inside")
    yield


try:
    next(bad())
except RuntimeError as error:
    print(error, repr(error.__cause__))


def reentrant():
    yield next(me)


me = reentrant()
try:
    next(me)
except ValueError as error:
    print(error)
fresh = echo()
try:
    fresh.send(1)
except TypeError as error:
    print(error)


def infinite():
    n = 0
    while True:
        yield n
        n += 1


import itertools

print(list(itertools.islice((n for n in infinite() if n % 3 == 0), 4)))


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


print(list(tree(4)))
print(g.gi_frame, fresh.gi_running, fresh.gi_code.co_name, tree.__name__, inner().__name__)


def cleanup():
    try:
        yield
    finally:
        print("cleaned")


kept = cleanup()
for _ in kept:
    break
kept.close()
list(cleanup())
