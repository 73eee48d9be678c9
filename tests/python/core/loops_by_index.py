"""Slices of ranges, and loops over objects that have `__getitem__` alone."""

import sys
import traceback

slices = [
    slice(None, None, -1),
    slice(1, None, 2),
    slice(None, -1, 3),
    slice(-1, 0, -2),
    slice(-100, 100, 1),
    slice(100, -100, -1),
    slice(2, 2),
    slice(None, None, 10**30),
    slice(0, 0, -1),
    slice(-3, None),
]
for length in (0, 1, 5):
    for numbers in (range(length), range(10, 10 + 3 * length, 3), range(5, 5 - 2 * length, -2)):
        print([(numbers[part], list(numbers[part])) for part in slices])
print(range(2**47)[::-1], range(-(2**60), 2**60, 2**40)[:: -(2**30)])
try:
    range(3)[::0]
except ValueError as error:
    print(error)


class Items:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, index):
        return self.items[index]


class Asked(Items):
    def __getitem__(self, index):
        try:
            return self.items[index]
        except IndexError:
            return "end" if index == len(self.items) else self.items[index]


print([item for item in Items([1, 2])], list(Items((3, 4))), [item for item in Asked([1])])
try:
    for item in Items({0: "first"}):
        print(item)
except KeyError:
    print(traceback.format_exc().count("__getitem__"))


def loop():
    for _ in Items([1]):
        pass


def watch(frame, event, argument):
    events.append((frame.f_code.co_name, event, str(argument)[:40]))
    return watch


# Who watches sees the exception that ends the loop.
events = []
loop()
sys.settrace(watch)
loop()
sys.settrace(None)
print(*events, sep="\n")

stored = IndexError("kept")


class Raises:
    def __getitem__(self, index):
        raise stored


for _ in Raises():
    pass
print(traceback.extract_tb(stored.__traceback__)[-1].name)
