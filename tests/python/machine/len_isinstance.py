# `len` and `isinstance` at sites that see many kinds of arguments, and where they are replaced.
import builtins


class Base:
    pass


class Derived(Base):
    pass


class Asking(type):
    def __instancecheck__(cls, instance):
        print("asked about", type(instance).__name__)
        return True


class Asked(metaclass=Asking):
    pass


class Disguised:
    @property
    def __class__(self):
        return Base


class Sized:
    def __len__(self):
        return 7


class SizedList(list):
    def __len__(self):
        return 9


def check(value, classes):
    return isinstance(value, classes)


def length(value):
    return len(value)


CLASSES = (Base, Derived, int, (int, str), (str, Base), ((int,), Base), object, int | str, ())
for value in (Base(), Derived(), Disguised(), 3, "x", 2.5, None, True, Base):
    print([check(value, classes) for classes in CLASSES])
print(check(1, Asked), check(Asked(), (Asked, 1)), check(1, (str, Asked)), check(1, (int, Asked)))
for wrong in (1, (str, 1), [int], (int, 1)):
    try:
        print(check(1 if wrong == (int, 1) else b"", wrong))
    except TypeError as error:
        print(error)

for value in ([1, 2], (1,), "äö", b"abc", {1: 2}, {1, 2, 3}, range(5), Sized(), SizedList([1]), bytearray(3), memoryview(b"ab")):
    print(length(value), end=" ")
print()
for wrong in (1, None, object()):
    try:
        print(length(wrong))
    except TypeError as error:
        print(error)

original, builtins.len = builtins.len, lambda value: 42
print(length([1]))
builtins.len = original
print(length([1]))
Base.__len__ = lambda self: 3
print(length(Base()), length(Derived()))
