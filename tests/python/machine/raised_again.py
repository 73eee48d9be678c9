# Tracebacks of exceptions that are raised again: one entry for each frame, at the line that raised first.
import sys
import traceback


def show():
    for line in traceback.format_exc().splitlines():
        if not line.startswith("  File"):
            continue
        print(line.rpartition("machine/")[2].replace('"', ""))


def g():
    yield 1
    raise StopIteration


def k():
    list(g())


try:
    k()
except RuntimeError:
    show()


async def c():
    try:
        raise StopIteration(3)
    finally:
        pass


try:
    c().send(None)
except RuntimeError:
    show()


class It:
    def __await__(self):
        yield 1


async def d():
    await It()


x = d()
x.send(None)
try:
    x.throw(KeyError(1))
except KeyError:
    show()


class A:
    def __aiter__(self):
        return self

    async def __anext__(self):
        raise KeyError


async def h():
    async for _ in A():
        pass


try:
    h().send(None)
except KeyError:
    show()


def z():
    try:
        1 / 0
    except ZeroDivisionError:
        raise


def y():
    try:
        z()
    finally:
        pass


try:
    y()
except ZeroDivisionError:
    show()
