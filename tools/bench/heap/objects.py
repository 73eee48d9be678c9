"""Bytes that one object of a kind takes, in the interpreter that runs this: `objects.py KIND` prints RESIDENT and HEAP.

RESIDENT is how much the process grew for each of many objects, HEAP what the heap itself counts (0 if it does not say). Slots of the
list that holds the objects are there before, and what the objects refer to is shared.
"""
import gc
import sys


class Two:
    def __init__(self, value):
        self.first = self.second = value

    def method(self):
        pass


class Eight:
    def __init__(self, value):
        self.a = self.b = self.c = self.d = self.e = self.f = self.g = self.h = value


class Slots:
    __slots__ = ("first", "second")

    def __init__(self, value):
        self.first = self.second = value


def generator(value):
    yield value


def function(number):
    def inner():
        pass
    return inner


NAMES = ["name%d" % number for number in range(100)]
NAMES_2, NAMES_8 = NAMES[:2], NAMES[:8]
SOME, FEW = 1000000, 20000
shared = Two(None)

# Kind: how to make the object numbered so, and how many to make.
KINDS = {
    "int below 200": (lambda number: number % 200, SOME),
    "int of 30 bits": (lambda number: (1 << 29) + number, SOME),
    "int of 62 bits": (lambda number: (1 << 61) + number, SOME),
    "int of 100 bits": (lambda number: (1 << 99) + number, SOME),
    "int of 200 digits": (lambda number: 10**199 + number, SOME),
    "float": (lambda number: number + 0.5, SOME),
    "complex": (lambda number: complex(number, 1), SOME),
    "str, 1 ASCII character": (lambda number: chr(65 + number % 26), SOME),
    "str, 10 ASCII characters": (lambda number: "%010d" % number, SOME),
    "str, 100 ASCII characters": (lambda number: "%0100d" % number, SOME),
    "str, 100 characters of Latin-1": (lambda number: "\u00e9" * 92 + "%08d" % number, SOME),
    "str, 100 characters of UCS-2": (lambda number: "\u4e2d" * 92 + "%08d" % number, SOME),
    "str, 100 characters of UCS-4": (lambda number: "\U0001f600" * 92 + "%08d" % number, SOME),
    "bytes, 10": (lambda number: b"%010d" % number, SOME),
    "bytes, 100": (lambda number: b"%0100d" % number, SOME),
    "tuple of 0": (lambda number: (), SOME),
    "tuple of 2": (lambda number: (shared, shared), SOME),
    "tuple of 8": (lambda number: (shared,) * 8, SOME),
    "list of 0": (lambda number: [], SOME),
    "list of 2": (lambda number: [shared, shared], SOME),
    "list of 8": (lambda number: [shared] * 8, SOME),
    "list of 100": (lambda number: [shared] * 100, FEW),
    "list of 100, appended": (lambda number: [shared for _ in NAMES], FEW),
    "dict of 0": (lambda number: {}, SOME),
    "dict of 2": (lambda number: {"first": shared, "second": shared}, SOME),
    "dict of 8": (lambda number: {name: shared for name in NAMES_8}, SOME // 4),
    "dict of 100": (lambda number: {name: shared for name in NAMES}, FEW),
    "set of 0": (lambda number: set(), SOME),
    "set of 2": (lambda number: set(NAMES_2), SOME),
    "set of 8": (lambda number: set(NAMES_8), SOME // 4),
    "set of 100": (lambda number: set(NAMES), FEW),
    "object()": (lambda number: object(), SOME),
    "instance with 2 attributes": (Two, SOME),
    "instance with 8 attributes": (Eight, SOME),
    "instance with 2 slots": (Slots, SOME),
    "function": (function, SOME),
    "bound method": (lambda number: shared.method, SOME),
    "generator": (generator, SOME),
}


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def counted():
    return sys.getallocatedblocks() * 16 if sys.implementation.name == "bredli" else 0


def fill(kept, make):
    for number in range(len(kept)):
        kept[number] = make(number)


def main():
    make, count = KINDS[sys.argv[1]]
    kept = [None] * count
    fill([None] * 1000, make)
    gc.collect()
    before = resident(), counted()
    fill(kept, make)
    gc.collect()
    after = resident(), counted()
    for first, last in zip(before, after):
        print(max(0, last - first) / count)


if __name__ == "__main__":
    main()
