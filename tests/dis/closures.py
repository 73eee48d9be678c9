import os.path as p
from sys import argv, path as where


@decorator(1)
class Shape[T: int](Base, metaclass=Meta, key="v"):
    """Doc."""

    x: int = 3
    __slots__ = ("a",)

    def method(self, *args, b=x, **rest):
        nonlocal_ = 0

        def inner():
            nonlocal nonlocal_
            nonlocal_ += 1
            return self, __class__, lambda y: y + nonlocal_

        return super().method(*args, b=b, **rest), inner

    async def later(self):
        async with self as s:
            async for i in s:
                await i
        return [j async for j in s if await j]


def gen(n):
    global counter
    counter = yield n
    yield from range(n)
    return {k: v for k, v in zip("ab", [1, 2])}, {q for q in (1, 2)}, (z for z in [3] if z)


type Alias[K] = dict[K, "V"]
