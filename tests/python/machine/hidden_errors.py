# AttributeError that a property or __bases__ raises counts as no attribute; the first base decides what patterns match.
from collections import UserDict
from collections.abc import Sequence


class Raising:
    @property
    def spam(self):
        return self._spam

    @property
    def __bases__(self):
        raise AttributeError


print(hasattr(Raising(), "spam"), getattr(Raising(), "spam", 3))
for check in (isinstance, issubclass):
    try:
        check(int, Raising())
    except TypeError as error:
        print(error)


class MappingFirst(UserDict, Sequence):
    pass


class SequenceFirst(Sequence, UserDict):
    __getitem__ = UserDict.__getitem__
    __len__ = UserDict.__len__


for class_ in (MappingFirst, SequenceFirst):
    match class_.__new__(class_):
        case [*_]:
            print("sequence")
        case {}:
            print("mapping")


class Slotted(property):
    __slots__ = ("foo",)


print(Slotted(doc="dropped").__doc__ == property.__doc__)


def takes_one(a):
    pass


try:
    takes_one(**{1: 2})
except TypeError as error:
    print(error)
try:
    print(ends="")
except TypeError as error:
    print(error)
