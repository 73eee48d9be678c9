"""Coroutines without an event loop, asynchronous generators and comprehensions, and errors of misuse."""

import types


class Value:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(a, b):
    return await Value(a) + await Value(b)


async def outer():
    async with Manager() as m:
        total = await add(1, 2)
        async for i in Count(3):
            total += i
        return total, m


class Manager:
    async def __aenter__(self):
        await Value("enter")
        return "managed"

    async def __aexit__(self, *details):
        await Value("exit")


class Count:
    def __init__(self, n):
        self.left = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return self.left


def drive(coroutine, answer=lambda value: value):
    sent = None
    seen = []
    while True:
        try:
            value = coroutine.send(sent)
        except StopIteration as stop:
            return stop.value, seen
        seen.append(value)
        sent = answer(value)


print(drive(outer()))


async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                yield got * 10
    finally:
        await Value("closing")


async def use():
    result = [x async for x in agen(3) if x != 1]
    pairs = {x: y async for x in agen(2) for y in "ab"}
    g = agen(5)
    first = await g.__anext__()
    sent = await g.asend(7)
    try:
        await g.athrow(KeyError("k"))
    except KeyError as error:
        sent = (sent, repr(error))
    await g.aclose()
    return result, pairs, first, sent, [await add(x, 1) for x in range(2)]


print(drive(use()))


@types.coroutine
def old_style():
    x = yield "old"
    return x


async def mixed():
    return await old_style()


print(drive(mixed(), lambda value: value.upper()))
c = add(1, 1)
print(c.cr_code.co_name, c.cr_frame is not None, c.cr_await)
c.close()
try:
    drive(c)
except RuntimeError as error:
    print(error)


async def wrong():
    await 5


async def wrong_for():
    async for _ in [1]:
        pass


async def wrong_with():
    async with open:
        pass


for bad in (wrong, wrong_for, wrong_with):
    try:
        drive(bad())
    except TypeError as error:
        print(error)


async def thrower():
    try:
        await Value(1)
    except ValueError as error:
        return f"caught {error}"


t = thrower()
t.send(None)
try:
    t.throw(ValueError("in"))
except StopIteration as stop:
    print(stop.value)
