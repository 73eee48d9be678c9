"""Every function of itertools, and functools beside it."""

import functools
import itertools as it

print(list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([3, 1, 2], max, initial=0)))
print(list(it.batched("abcdefg", 3)), list(it.chain("ab", [1])), list(it.chain.from_iterable(["ab", "c"])))
print(list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), list(it.permutations([1, 2, 3], 2)))
print(list(it.compress("abcd", [1, 0, 1])), list(it.islice(it.count(5, 2.5), 3)), list(it.islice(it.cycle("ab"), 5)))
print(list(it.dropwhile(lambda n: n < 3, [1, 4, 2])), list(it.takewhile(lambda n: n < 3, [1, 4, 2])), list(it.filterfalse(None, [0, 1, "", 2])))
print([(key, list(group)) for key, group in it.groupby("aabbb")], list(it.pairwise("abcd")), list(it.product("ab", repeat=2)))
print(list(it.repeat("x", 2)), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", "c", fillvalue="-")), [list(t) for t in it.tee("ab")])
try:
    list(it.batched("abc", 2, strict=True))
except ValueError as error:
    print(error)


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.singledispatch
def kind(value):
    return "object"


@kind.register
def _(value: int):
    return "int"


@kind.register(list)
def _(value):
    return "list"


@functools.total_ordering
class Version:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.number < other.number


class Lazy:
    @functools.cached_property
    def value(self):
        print("computed")
        return 42


lazy = Lazy()
print(fibonacci(90), fibonacci.cache_info(), kind(1), kind([]), kind("x"))
print(functools.reduce(lambda a, b: a * b, range(1, 6)), functools.partial(int, base=2)("101"), Version(2) >= Version(1))
print(lazy.value, lazy.value, sorted("bca", key=functools.cmp_to_key(lambda a, b: (a < b) - (a > b))))


@functools.wraps(fibonacci)
def wrapped():
    pass


print(wrapped.__name__, wrapped.__wrapped__ is fibonacci, functools.partial(print, functools.Placeholder, 2).args[1:])
