"""Chains of `yield from` and `await`, resumed at the innermost generator: seen from inside, ended, thrown into and closed at every level."""

import inspect
import sys
import types


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(numbers):
    if not numbers:
        return None
    middle = len(numbers) // 2
    return Tree(tree(numbers[:middle]), numbers[middle], tree(numbers[middle + 1:]))


print(list(tree(range(100))) == list(range(100)), sum(tree(range(1000))))


def chain(depth, inner):
    local = f"level {depth}"
    if depth:
        result = yield from chain(depth - 1, inner)
    else:
        result = yield from inner()
    return result, local


def drain(generator, *sent):
    out = [next(generator)]
    try:
        for value in sent:
            out.append(generator.send(value))
        out.append("unfinished")
    except StopIteration as stop:
        out.append(stop.value)
    return out


def echo():
    first = yield "ready"
    second = yield first, "again"
    return first, second


print(drain(chain(3, echo), "a", "b"))


def stack():
    frame = sys._getframe(1)
    found = []
    while frame and frame.f_code.co_name != "<module>":
        found.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, frame.f_locals.get("local")))
        frame = frame.f_back
    return found


def looks():
    yield 1
    yield stack()
    local = "changed"
    yield stack()
    return stack()


print(*drain(chain(2, looks), None, None, None), sep="\n")


def looks_once(depth):
    def generator():
        yield 1
        frame = sys._getframe(depth)
        yield frame.f_locals["local"]
        yield 3
        return 4
    return generator


for depth in 1, 2, 3:
    print(depth, drain(chain(3, looks_once(depth)), None, None, None))


def states(generators):
    return [inspect.getgeneratorstate(generator) for generator in generators]


made = []


def keep(depth):
    if depth:
        inner = keep(depth - 1)
        made.append(inner)
        yield from inner
    else:
        for number in range(3):
            yield states(made)
            try:
                made[0].send(None)
            except ValueError as error:
                yield str(error)


outer = keep(3)
made.append(outer)
for value in outer:
    print(value, states(made))


# The chain is resumed in its middle, then at its start.
def count():
    for number in range(6):
        yield number


middle = chain(1, count)


def outer_of(generator):
    return (yield from generator)


start = outer_of(outer_of(middle))
print(next(start), next(middle), next(start), next(middle), next(start), next(middle))
print(drain_error := [next(start, "end")])


# Exceptions: raised inside, caught at some level, thrown, closed.
def catching(depth, inner):
    try:
        if depth:
            yield from catching(depth - 1, inner)
        else:
            yield from inner()
    except KeyError as error:
        if depth != 1:
            raise
        yield f"caught {error!r} at {depth}", sys.exception()
    yield f"after {depth}", sys.exception()


def raising():
    yield "before"
    yield "still before"
    raise KeyError("x")


print(*catching(3, raising), sep="\n")


def frames(error):
    traceback, found = error.__traceback__, []
    while traceback:
        found.append((traceback.tb_frame.f_code.co_name, traceback.tb_frame.f_locals.get("depth")))
        traceback = traceback.tb_next
    return found


def plain_raise():
    yield 1
    yield 2
    raise IndexError("y")


try:
    for value in chain(3, plain_raise):
        print(value)
except IndexError as error:
    print(frames(error))

generator = catching(3, echo)
print(next(generator), generator.send(1))
print(generator.throw(KeyError("thrown")))
print(next(generator))
generator.close()
print(inspect.getgeneratorstate(generator))


def cleaning(depth, inner):
    try:
        if depth:
            yield from cleaning(depth - 1, inner)
        else:
            yield from inner()
    finally:
        print("clean", depth)


generator = cleaning(2, count)
print(next(generator), next(generator), next(generator))
generator.close()


# Handled exceptions of every level.
def handling(depth, inner):
    try:
        raise ValueError(depth)
    except ValueError:
        if depth:
            yield from handling(depth - 1, inner)
        else:
            yield from inner()
        yield depth, sys.exception()
    yield depth, sys.exception()


def exceptions():
    yield sys.exception()
    try:
        raise OSError
    except OSError:
        yield sys.exception()
        yield sys.exception()
    yield sys.exception()


print(*handling(2, exceptions), sep="\n")
try:
    raise RuntimeError("outside")
except RuntimeError:
    print(*chain(2, exceptions))
print(sys.exception())


# Coroutines.
@types.coroutine
def suspend(value):
    return (yield value)


async def awaits(depth):
    if depth:
        return await awaits(depth - 1) + 1
    return await suspend("first") + await suspend("second")


coroutine = awaits(5)
print(coroutine.send(None), coroutine.send(10))
try:
    coroutine.send(20)
except StopIteration as stop:
    print(stop.value)


# Recursion ends as it should.
def endless():
    yield 1
    yield from endless()


try:
    for value in endless():
        pass
except RecursionError as error:
    print(type(error).__name__)


# Tracing that begins inside.
events = []


def tracer(frame, event, arg):
    if event in ("call", "return"):
        events.append((event, frame.f_code.co_name))
    return tracer


def starts_tracing():
    yield 1
    yield 2
    sys.settrace(tracer)
    yield 3
    yield 4
    sys.settrace(None)
    yield 5


print(list(chain(2, starts_tracing)))
print(events)
