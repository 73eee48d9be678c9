"""send, throw, close and yield from; what exceptions see across yields."""
import sys


def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error, repr(error.__context__), repr(error.__cause__))


def simple():
    got = yield 1
    print("got", got)
    return "end"


generator = simple()
show(generator.send, 5)
show(next, generator)
show(generator.send, 6)
show(next, generator)
show(generator.throw, ValueError)
generator = simple()
show(generator.throw, ValueError("not started"))
print(generator.gi_frame, generator.gi_running, generator.gi_suspended)
generator = simple()
print(generator.close(), generator.close())
show(next, generator)


def catches():
    try:
        yield 1
    except ValueError as error:
        yield ("caught", error.args)
    finally:
        print("finally")


generator = catches()
next(generator)
show(generator.throw, ValueError(1, 2))
show(next, generator)
generator = catches()
next(generator)
show(generator.throw, KeyError("other"))
for bad in 3, int:
    generator = catches()
    next(generator)
    show(generator.throw, bad)
    generator.close()


def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


generator = ignores()
next(generator)
show(generator.close)


def returns_on_close():
    try:
        yield 1
    except GeneratorExit:
        return "value"


generator = returns_on_close()
next(generator)
show(generator.close)


def stops():
    yield 1
    raise StopIteration("inner")


show(list, stops())


def itself():
    print(next(own))
    yield


own = itself()
show(next, own)


def inner():
    try:
        got = yield "a"
        print("inner got", got)
        yield "b"
    except ValueError as error:
        print("inner caught", error)
        return "inner result"
    finally:
        print("inner done")


def outer():
    result = yield from inner()
    print("result", result)
    yield "c"


generator = outer()
print(next(generator), generator.gi_yieldfrom.__name__, generator.send("x"))
show(generator.throw, ValueError("deep"))
print(generator.gi_yieldfrom)
show(next, generator)
generator = outer()
next(generator)
show(generator.throw, KeyError("through"))
generator = outer()
next(generator)
print(generator.close())


class Iterator:
    def __init__(self):
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count > 2:
            raise StopIteration("last")
        return self.count

    def throw(self, *args):
        print("throw", args)
        return "thrown"

    def close(self):
        print("close")


def delegates():
    print("=", (yield from Iterator()))


generator = delegates()
print(next(generator))
show(generator.throw, ValueError("text"))
print(list(generator))
generator = delegates()
next(generator)
generator.close()
show(lambda: [*delegates()])


def handling():
    try:
        raise ValueError("own")
    except ValueError:
        yield sys.exception()
        yield sys.exception()
        raise KeyError("second")


try:
    raise TypeError("outer")
except TypeError:
    generator = handling()
    print(repr(next(generator)), repr(sys.exception()))
print(repr(next(generator)), sys.exception())
try:
    raise IndexError("other")
except IndexError:
    show(next, generator)
    print(repr(sys.exception()))


def throw_context():
    try:
        raise ValueError("inside")
    except ValueError:
        yield


generator = throw_context()
next(generator)
show(generator.throw, KeyError("thrown"))


def locals_seen(a):
    b = 2
    yield
    b = 3
    yield


generator = locals_seen(1)
frame = generator.gi_frame
print(dict(frame.f_locals), frame.f_lineno - locals_seen.__code__.co_firstlineno, frame.f_back)
next(generator)
print(dict(frame.f_locals), frame.f_lineno - locals_seen.__code__.co_firstlineno, frame is generator.gi_frame)
frame.f_locals["a"] = 10
show(frame.clear)
next(generator)
print(frame.f_locals)
generator.close()
print(frame.f_locals, generator.gi_frame)


def value():
    yield 1
    return 2


print(list(value()), sum(value()), [*value()], tuple(value()), dict.fromkeys(value()))
first, = value()
print(first, list(zip(value(), value())), max(value()))
