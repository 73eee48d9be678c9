"""Functions.

    Indented documentation.
"""


def plain(a, b=1, /, c=2, *args, d, e=3, **kwargs):
    """One
        two
      three"""
    return a + b, [c], {d: e}, args, kwargs


def outer(x):
    def inner(y):
        nonlocal x
        x += y
        return lambda z=x: x + y + z

    del x
    return inner


@decorate(1)
@decorate
def decorated():
    global counter
    counter = 1
    yield counter
    result = yield from decorated()
    return result


async def asynchronous(items):
    async with items as a, b:
        await a
    async for i in items:
        yield i
    else:
        pass
    [x async for x in items if await x]
    return
