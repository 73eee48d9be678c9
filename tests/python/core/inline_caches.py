"""Sites that have cached what they saw must notice every change of it."""


def section(name):
    print("--", name)


section("globals and builtins")
value = 1


def read_global():
    return value


def read_builtin(x):
    return len(x)


print([read_global() for _ in range(3)])
value = 2
print(read_global())
del value
try:
    read_global()
except NameError as error:
    print(error)
value = 3
print(read_global())
print([read_builtin("abc") for _ in range(3)])
len = lambda x: "shadowed"
print(read_builtin("abc"))
del len
print(read_builtin("abc"))
import builtins

old = builtins.len
builtins.len = lambda x: "replaced"
print(read_builtin("abc"))
builtins.len = old
print(read_builtin("abc"))

section("instance attributes")


class Point:
    kind = "class"

    def __init__(self, x):
        self.x = x

    def method(self):
        return "method"


def get_x(p):
    return p.x


def get_kind(p):
    return p.kind


def call_method(p):
    return p.method()


p = Point(1)
for _ in range(3):
    print(get_x(p), get_kind(p), call_method(p))
p.kind = "instance"
p.method = lambda: "own"
print(get_kind(p), call_method(p))
del p.kind
print(get_kind(p))
del p.method
print(call_method(p))
q = Point(5)
print(get_x(q), get_kind(q), call_method(q))
q.__dict__["x"] = 6
q.__dict__["method"] = lambda: "from dict"
print(get_x(q), call_method(q))
del q.x
try:
    get_x(q)
except AttributeError as error:
    print(error)
Point.kind = "changed"
print(get_kind(p), get_kind(Point(0)))
Point.method = lambda self: "changed"
print(call_method(Point(0)))
Point.x = property(lambda self: "property")
print(get_x(p), get_x(Point.__new__(Point)))
try:
    Point(3)
except AttributeError as error:
    print(error)
del Point.x
print(get_x(p))
Point.__getattribute__ = lambda self, name: "intercepted " + name
print(get_x(p), get_kind(p))
del Point.__getattribute__
print(get_x(p), get_kind(p))
del Point.kind
Point.__getattr__ = lambda self, name: "missing " + name
print(get_x(p), get_kind(p))

section("base classes")


class A:
    def who(self):
        return "A"


class B(A):
    pass


class C:
    def who(self):
        return "C"


def who(o):
    return o.who()


b = B()
print([who(b) for _ in range(3)])
A.who = lambda self: "A2"
print(who(b))
B.__bases__ = (C,)
print(who(b))
b.__class__ = A
print(who(b))
B.who = lambda self: "B"
print(who(B()), who(b))
del B.who
print(who(B()))

section("stores")


def set_x(o, v):
    o.x = v


class Plain:
    pass


class Slots:
    __slots__ = ("x",)


for o in (Plain(), Plain(), Slots(), Slots()):
    for v in range(3):
        set_x(o, v)
    print(o.x)
o = Plain()
set_x(o, 1)
Plain.x = property(lambda self: "read", lambda self, v: print("set", v))
set_x(o, 2)
set_x(Plain(), 3)
del Plain.x
print(o.x)
Plain.__setattr__ = lambda self, name, v: print("setattr", name, v)
set_x(o, 4)
set_x(Plain(), 5)
del Plain.__setattr__
set_x(o, 6)
print(o.x)

section("constructors")


class Made:
    def __init__(self, x, y=2):
        self.v = (x, y)


def make():
    return Made(1).v


def make_kw():
    return Made(y=5, x=4).v


print([make() for _ in range(3)], [make_kw() for _ in range(3)])
Made.__init__ = lambda self, x, y=3: setattr(self, "v", [x, y])
print(make(), make_kw())
Made.__init__.__defaults__ = (9,)
print(make())
Made.__init__ = lambda self, *a: 1
try:
    make()
except TypeError as error:
    print(error)
del Made.__init__
try:
    make()
except TypeError as error:
    print(error)
Made.__new__ = lambda cls, *args, **kw: object.__new__(Slots)
try:
    make()
except AttributeError as error:
    print(error)

section("calls")


def call(f, x):
    return f(x)


class Callable:
    def __call__(self, x):
        return "called", x

    def bound(self, x):
        return "bound", x


def f1(x, y=7):
    return x, y


def f2(x):
    return "f2", x


def f3(*args, **kw):
    return args, kw


for _ in range(3):
    for f in (f1, f2, f3, Callable(), Callable().bound, abs, str, Point, [].append, list, (lambda x, *, z=4: (x, z))):
        r = call(f, 3 if f is not list else "ab")
        if not isinstance(r, Point):
            print(r, end=" ")
    print()
f1.__defaults__ = (8,)
print(call(f1, 1))
f1.__defaults__ = None
try:
    call(f1, 1)
except TypeError as error:
    print(error)
f1.__code__ = (lambda x: ("new code", x)).__code__
print(call(f1, 1))


def kw(a, b=2, *, c, d=4):
    return a, b, c, d


def call_kw(f):
    return f(1, c=3)


print([call_kw(kw) for _ in range(3)])
kw.__kwdefaults__ = {"d": 5}
print(call_kw(kw))
kw.__kwdefaults__ = None
try:
    call_kw(kw)
except TypeError as error:
    print(error)


def other(x, c):
    return "other", x, c


print(call_kw(other), call_kw(f3), call_kw(lambda z, c=0, **k: (z, c, k)))
for bad in (lambda c: 0, lambda a, b, c: 0, lambda c, /, **k: (c, k), lambda a, c, /: 0):
    try:
        print(call_kw(bad))
    except TypeError as error:
        print(error)

section("modules")
import types

module = types.ModuleType("m")
module.f = lambda: "first"
module.v = 1


def use_module():
    return module.f(), module.v


print([use_module() for _ in range(3)])
module.f = lambda: "second"
module.v = 2
print(use_module())
del module.v
try:
    use_module()
except AttributeError as error:
    print(error)
module.__getattr__ = lambda name: "dynamic " + name
print(use_module())
module.v = 4
print(use_module())

section("many classes at one site")
classes = [type("K%d" % i, (), {"tag": i, "get": lambda self: self.tag}) for i in range(40)]
objects = [k() for k in classes]


def total():
    return sum(o.get() + o.tag for o in objects)


print(total(), total())
for k in classes:
    k.tag += 1
print(total())
for o in objects[::2]:
    o.tag = 100
print(total())
for o in objects[::4]:
    del o.tag
print(total())
for o in objects[::3]:
    o.__dict__
    o.get = lambda: 1000
print(total())

section("iteration")


def loop(it):
    return [x for x in it]


def pairs(it):
    return [a + b for a, b in it]


for _ in range(2):
    for it in ("abc", "äbc", b"ab", [1], (2,), {3: 4}, {5}, range(2), range(2**60, 2**60 + 2), iter([6]), reversed([7, 8]), {1: 2}.values()):
        print(loop(it), end=" ")
    print()
    for it in (enumerate([1, 2]), zip([1, 2], (3, 4)), {1: 2}.items(), zip("ab", "cd"), zip([1, 2], [3]), zip(range(3), range(2)),
               enumerate(range(3), 2**48 - 2), ["ab", (1, 2), [3, 4]], map(lambda x: (x, x), [1])):
        print(pairs(it), end=" ")
    print()
same = iter([1, 2, 3])
print([(a, b) for a, b in zip(same, same)])
growing = {1: 1}
try:
    for k, v in growing.items():
        growing[k + 1] = v
except RuntimeError as error:
    print(error)
try:
    for a, b in zip([1, 2], [3], strict=True):
        print(a, b)
except ValueError as error:
    print(error)


# An object with fewer slots than instances of the class that it becomes one of.
class Few:
    pass


class Many:
    def __init__(self, number):
        self.a = self.b = self.c = self.d = number
        self.e = self.f = self.g = self.h = number + 1


for number in range(10):
    Many(number)
few = [Few() for _ in range(6)]
for number in (2, 3, 5):
    few[number].__class__ = Many
    few[number].__init__(number)
print([vars(object) for object in few])


# Attributes that the class statement does not show: instances get room for them all the same.
def init(this, *values):
    this.first, this.second, this.third, this.fourth, this.fifth, this.sixth = values


Plain = type("Plain", (), {})
early = Plain()
early.first = early.second = early.third = early.fourth = 0
Plain.__init__ = init
late = [Plain(*range(number, number + 6)) for number in range(4)]
for object in [early, *late]:
    object.seventh = object.eighth = 9
    print(object.first, object.fourth, object.seventh, sorted(vars(object)))


# NaN, and floats with the smallest bit patterns, among the operands of arithmetic and comparisons.
def mixed(a, b):
    return a + b, a - b, a * b, a < b, a == b, a != b, a >= b, 1 if a > b else 2, 3 if a <= b else 4, a + 1, a - 1, a < 2


for a, b in [(float("nan"), 1.5), (1, float("nan")), (float("inf"), float("-inf")), (5e-324, 0.0), (2, 1e-323), (-0.0, 0), (True, 0.5)]:
    print(mixed(a, b))


def truths(values):
    return [1 if value else 0 for value in values], [not value for value in values], [bool(value) for value in values]


print(truths([0, 1, -1, 0.0, 5e-324, float("nan"), "", "a", [], [0], None, True, False, ..., 1 << 60]))


# Loops over generators whose variable goes on to be used.
def first_false(values):
    for value in values:
        if not value:
            break
    return value


def pass_on(values):
    for value in values:
        yield value


print(first_false(pass_on([True, 1, 0, 5])), first_false(pass_on([True, True])), [value for value in pass_on("ab")])


# Constant subscripts.
def ends(container):
    return container[0], container[-1]


class Asked:
    def __getitem__(self, key):
        return "asked for", key


print([ends(container) for container in [(1, 2), [3, 4, 5], "xyz", b"ab", {0: "zero", -1: "minus"}, range(7), Asked()]])
for container in [(), [], {}, None]:
    try:
        ends(container)
    except Exception as error:
        print(type(error).__name__, error)
