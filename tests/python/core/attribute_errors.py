"""What AttributeError says, and where __getattr__ takes over from it."""


def shown(action):
    try:
        print("gave", action())
    except AttributeError as error:
        print(error, error.name, error.obj is not None)


class Hooked:
    __slots__ = ("slot",)

    @property
    def inner(self):
        raise AttributeError("inner")

    def __getattr__(self, name):
        return f"hook for {name}"


# The hook is asked whenever the lookup raises AttributeError: in a property, or for a member of __slots__ that is not set.
shown(lambda: Hooked().inner)
shown(lambda: getattr(Hooked(), "slot", "default"))
for _ in range(60):
    value = Hooked()
    found = value.inner, value.slot
    value.slot = 1
    found += (value.slot,)
print(found)


class Raising:
    @property
    def inner(self):
        raise AttributeError("inner")

    def __getattr__(self, name):
        raise AttributeError(name)


# Whatever raises it, the error names what was looked for.
shown(lambda: getattr(Raising(), "inner"))
shown(lambda: getattr(Raising(), "other"))
del Raising.__getattr__
shown(lambda: getattr(Raising(), "inner"))


class Plain:
    pass


class Slots:
    fixed = 1
    __slots__ = ("slot",)


class OnlySet:
    def __set__(self, instance, value):
        pass


class OnlyDelete:
    def __delete__(self, instance):
        pass


class Owner:
    only_set = OnlySet()
    only_delete = OnlyDelete()


shown(lambda: delattr(Plain(), "missing"))
shown(lambda: delattr(type("Int", (int,), {})(), "missing"))
shown(lambda: delattr(print, "missing"))
shown(lambda: setattr(Slots(), "fixed", 2))
shown(lambda: setattr(Slots(), "missing", 2))
shown(lambda: Slots().slot)
shown(lambda: delattr(Slots(), "slot"))
shown(lambda: delattr(Owner(), "only_set"))
shown(lambda: setattr(Owner(), "only_delete", 1))
Slots.__module__ = "elsewhere"
shown(lambda: Slots().slot)


def unbound():
    return missing
    missing = 1


try:
    unbound()
except UnboundLocalError as error:
    print(error, error.name)


# Items that cannot be deleted: sequences say it in other words.
for value, key in ((1, 0), ((1,), 0), ((1,), "x"), (Plain(), 0), (Plain(), "x"), (object(), 0), ("text", 0), (range(3), 1), (int, 0)):
    try:
        del value[key]
    except TypeError as error:
        print(error)


class Int(int):
    pass


def few(one):
    pass


few.__defaults__ = (1, 2, 3)
for call in (lambda: int(1, 2, 3), lambda: Int(1, 2, 3), lambda: int(1, 2, 3, base=4), lambda: few(1, 2)):
    try:
        call()
    except TypeError as error:
        print(error)

try:
    try:
        raise ExceptionGroup("group", [ValueError(1), KeyError(2)])
    except* ValueError:
        raise TypeError("again")
except ExceptionGroup as error:
    print(repr(error))
