"""Classes: inheritance, super, descriptors, properties, slots, metaclasses, special methods, and attribute errors."""


class Base:
    registry = []

    def __init_subclass__(cls, /, tag=None, **rest):
        super().__init_subclass__(**rest)
        Base.registry.append((cls.__name__, tag))

    def __init__(self, x=0):
        self.x = x

    def who(self):
        return "Base"


class Left(Base, tag="l"):
    def who(self):
        return "Left>" + super().who()


class Right(Base, tag="r"):
    def who(self):
        return "Right>" + super().who()


class Both(Left, Right):
    def who(self):
        return "Both>" + super().who()


print(Both().who(), [c.__name__ for c in Both.__mro__], Base.registry)


class Celsius:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name, 0)

    def __set__(self, instance, value):
        if value < -273:
            raise ValueError("too cold")
        setattr(instance, self.name, value)

    def __delete__(self, instance):
        delattr(instance, self.name)


class Room:
    temperature = Celsius()

    @property
    def hot(self):
        """Whether it is hot."""
        return self.temperature > 30

    @hot.setter
    def hot(self, value):
        self.temperature = 40 if value else 10

    @classmethod
    def make(cls, t):
        room = cls()
        room.temperature = t
        return room

    @staticmethod
    def unit():
        return "C"

    def __getattr__(self, name):
        if name.startswith("auto_"):
            return name[5:]
        raise AttributeError(f"no {name}", name=name, obj=self)


room = Room.make(35)
print(room.hot, room.unit(), room.auto_magic, Room.hot.__doc__, vars(room))
room.hot = False
print(room.temperature, hasattr(room, "other"))
del room.temperature
print(room.temperature)
for action in (lambda: setattr(room, "temperature", -300), lambda: room.nothing, lambda: Room.nothing, lambda: delattr(room, "nothing")):
    try:
        action()
    except (ValueError, AttributeError) as error:
        print(type(error).__name__, error)


class Slotted:
    __slots__ = ("a", "__weakref__")


class Open(Slotted):
    pass


s = Slotted()
s.a = 1
try:
    s.b = 2
except AttributeError as error:
    print(error)
o = Open()
o.b = 3
print(o.__dict__, Slotted.a, hasattr(s, "__dict__"))


class Meta(type):
    def __new__(mcls, name, bases, namespace, **kw):
        namespace["made_by"] = mcls.__name__
        return super().__new__(mcls, name, bases, namespace)

    def __prepare__(name, bases, **kw):
        return {"prepared": kw}

    def __call__(cls, *args):
        instance = super().__call__(*args)
        instance.called = True
        return instance

    def __contains__(cls, item):
        return item == 42

    def __getattr__(cls, name):
        return "meta " + name


class Made(metaclass=Meta, option=1):
    pass


print(Made.made_by, Made.prepared, Made().called, 42 in Made, Made.anything, type(Made))


class Vector:
    def __init__(self, *items):
        self.items = items

    def __repr__(self):
        return f"Vector{self.items}"

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.items, other.items))) if isinstance(other, Vector) else NotImplemented

    def __radd__(self, other):
        return Vector(*(other + a for a in self.items))

    def __mul__(self, n):
        return Vector(*(a * n for a in self.items))

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __eq__(self, other):
        return isinstance(other, Vector) and self.items == other.items

    def __hash__(self):
        return hash(self.items)

    def __bool__(self):
        return any(self.items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __contains__(self, item):
        return item in self.items

    def __call__(self, factor):
        return factor * self

    def __iadd__(self, other):
        return Vector(*self.items, other)

    def __format__(self, spec):
        return spec.join(map(str, self.items))

    def __lt__(self, other):
        return self.items < other.items


v = Vector(1, 2)
w = v
w += 3
print(v + Vector(3, 4), 1 + v, 2 * v, -v, v == Vector(1, 2), v != w, bool(Vector(0)), len(w), w[-1], w[0:2], 2 in v, v(3), f"{w:/}", sorted([w, v]), {v: 1}[Vector(1, 2)], list(v))
try:
    v + "x"
except TypeError as error:
    print(error)
print(type("Dynamic", (Base,), {"z": 1})(5).x, Base.__subclasses__()[-1].__name__, isinstance(v, (int, Vector)), issubclass(Both, Base))
room.__class__ = Both
print(room.who(), Both.__doc__, Both.__dict__.get("who") is Both.who, Both.who.__qualname__)
for bad in (lambda: type("X", (int, str), {}), lambda: type("X", (bool,), {}), lambda: object.__new__(int), lambda: type("Y", (Base, Left), {}), lambda: Base(1, 2), lambda: object(1)):
    try:
        bad()
    except TypeError as error:
        print(str(error).splitlines()[0])
