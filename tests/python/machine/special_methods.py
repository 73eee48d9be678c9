"""Special methods written in Python, which the machine enters from the instruction that needs them."""
import sys
import traceback
from collections import defaultdict, namedtuple


class Number:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        if isinstance(other, Number):
            return Number(self.value + other.value)
        if isinstance(other, int):
            return Number(self.value + other)
        return NotImplemented

    def __radd__(self, other):
        return "radd"

    def __sub__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented if isinstance(other, str) else self.value < other.value

    def __eq__(self, other):
        return NotImplemented

    def __hash__(self):
        return hash(self.value)

    def __contains__(self, item):
        return item

    def __getitem__(self, key):
        if key == "frame":
            return sys._getframe().f_back.f_code.co_name
        return key

    def __setitem__(self, key, value):
        self.last = (key, value)

    def __iter__(self):
        yield from range(self.value)


def arithmetic():
    a, b = Number(3), Number(4)
    print((a + b).value, (a + 1).value, 1 + a)
    a += b
    print(a.value)
    for operation in (lambda: a - b, lambda: a + "x", lambda: a - 1, lambda: a + None):
        try:
            print(operation())
        except TypeError as error:
            print(error)


def comparisons():
    a, b = Number(3), Number(4)
    print(a < b, b < a, a == b, a == a, a != b, a > b)
    if a < b:
        print("less")
    while b < a:
        break
    else:
        print("not less")
    try:
        a < "x"
    except TypeError as error:
        print(error)
    try:
        a >= b
    except TypeError as error:
        print(error)


def containers():
    a = Number(3)
    print(1 in a, [] in a, "" not in a)
    print(a[7], a["frame"], a[1:2])
    a[1] = 2
    print(a.last, list(a), [x for x in a], sum(a))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n


class NoIterator:
    def __iter__(self):
        return 1


class Fails:
    def __getitem__(self, key):
        raise KeyError(key)

    def __next__(self):
        raise ValueError("next")

    def __iter__(self):
        return self


def iteration():
    print([x for x in Countdown(3)], list(Countdown(2)))
    total = 0
    for x in Countdown(5):
        total += x
    else:
        print("done", total)
    try:
        for x in NoIterator():
            pass
    except TypeError as error:
        print(error)
    try:
        for x in Fails():
            pass
    except ValueError:
        print([line.strip() for line in traceback.format_exc().splitlines() if 'File' not in line])
    try:
        Fails()[1]
    except KeyError as error:
        print([entry.name for entry in traceback.extract_tb(error.__traceback__)])


class Endless:
    def __getitem__(self, key):
        return self[key + 1]


def recursion():
    try:
        Endless()[0]
    except RecursionError as error:
        print(error)


class Meta(type):
    pass


class Colour(metaclass=Meta):
    red = 1


def metaclasses():
    def red():
        return Colour.red

    print(red(), red(), red())
    Meta.red = property(lambda cls: "from the metaclass")
    print(red())
    del Meta.red
    print(red())
    Colour.red = 2
    print(red())


class Shape:
    @classmethod
    def make(cls):
        return cls.__name__

    @staticmethod
    def area():
        return 0


class Square(Shape):
    pass


def class_methods():
    def made(cls):
        return cls.make(), cls.area()

    print([made(cls) for cls in (Shape, Shape, Square, Square, Shape)])
    Shape.make = classmethod(lambda cls: "other")
    print(made(Shape), made(Square))


Point = namedtuple("Point", "x y")


class Labelled(Point):
    def __eq__(self, other):
        return "label"

    __hash__ = Point.__hash__


def tuples():
    points = {Point(1, 2): "a", (3, 4): "b"}
    print(points[1, 2], points[Point(3, 4)], Point(1, 2).y, Point(5, 6)[-1])
    print(Labelled(9, 9) in points, Labelled(1, 2) in points, hash(Point(1, 2)) == hash((1, 2)))
    counts = defaultdict(int)
    for key in (Point(1, 1), (1, 1), Point(1, 1)):
        counts[key] += 1
    print(dict(counts), {True: 1, 1: 2, 1.0: 3})
    points = [Point(n, n) for n in range(3)]
    print([point.x + point[1] for point in points])


class Liar:
    @property
    def __class__(self):
        return int


def classes():
    print(isinstance(Liar(), int), isinstance(Liar(), str), isinstance(1, str), type(1), type(Liar()).__name__)


class Grows:
    def __init__(self, first):
        if first:
            self.a = 1
        self.b = 2
        self.c = 3

    def set(self, value):
        self.b = value
        return self.b


def attributes():
    objects = [Grows(n % 2) for n in range(6)]
    for one in objects[::3]:
        one.d = 1
    print([one.set(number) for number, one in enumerate(objects)], sorted(objects[3].__dict__))
    method = objects[0].set
    print(method(5), objects[0].b)


def caller():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error


def frames():
    error = caller()
    print(error.__traceback__.tb_frame.f_code.co_name, error.__traceback__.tb_frame.f_back.f_code.co_name)


arithmetic()
comparisons()
containers()
iteration()
recursion()
metaclasses()
class_methods()
tuples()
classes()
attributes()
frames()


# Loops by index and slices go to __getitem__, and end with IndexError or StopIteration.
class Pages:
    def __init__(self, texts, end=IndexError):
        self.texts = texts
        self.end = end

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Pages(self.texts[key], self.end)
        if key >= len(self.texts):
            raise self.end("no page", key)
        return self.texts[key]


def pages():
    found = []
    for end in IndexError, StopIteration, type("Special", (IndexError,), {}):
        for text in Pages(["a", "b", "c"], end):
            if text == "b":
                continue
            found.append(text)
        else:
            found.append(end.__name__)
    found.append([x + y for x, y in Pages([(1, 2), (3, 4)])])
    found.append(Pages(list(range(9)))[2:5].texts)
    found.append([number for number in Pages(list(range(9)))[::3]])
    iterator = iter(Pages("xyz"))
    for text in iterator:
        found.append((text, next(iterator, None)))
    found.append(list(iterator))
    for text in Pages("xy"):
        for other in Pages("uv"):
            found.append(text + other)
    try:
        for text in Pages(["a"], KeyError):
            found.append(text)
    except KeyError as error:
        found.append((error.args, error.__traceback__.tb_next.tb_frame.f_code.co_name))
    return found


def grows():
    """The sequence gets longer while the loop goes over it."""
    sequence = Pages([1])
    seen = []
    for number in sequence:
        seen.append(number)
        if number < 5:
            sequence.texts.append(number + 1)
    return seen


class Generates:
    def __getitem__(self, index):
        if index == 3:
            raise IndexError
        yield index


class Redefined:
    def __getitem__(self, index):
        Redefined.__getitem__ = lambda self, index: [10, 11][index]
        return index


print(*pages(), sep="\n")
print(grows())
print([type(item).__name__ for _, item in zip(range(2), Generates())])
print([item for item in Redefined()])
for number, item in enumerate(Pages("pq")):
    print(number, item)
first, *rest = Pages("stu")
print(first, rest, "t" in Pages("stu"), max(Pages("stu")))
