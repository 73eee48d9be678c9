"""Fields, defaults, ordering, freezing, slots, inheritance, replace and asdict."""

from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace


@dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    name: str
    value: object = None

    def __post_init__(self):
        if not self.name:
            raise ValueError("no name")


@dataclass
class Point3(Point):
    z: int = field(default=9, repr=False)


a, b = Point(1, 2), Point(1)
print(a, b, a > b, a == Point(1, 2, ["other"]))
a.tags.append("t")
print(asdict(a), astuple(a), b.tags)
print(replace(a, y=5), [f.name for f in fields(Point3)], Point3(1, z=4))
setting = Setting(name="depth", value=3)
print(setting, hash(setting) == hash(Setting(name="depth", value=3)), hasattr(setting, "__dict__"))
for attempt in (lambda: setattr(setting, "value", 4), lambda: Setting("x"), lambda: Setting(name="")):
    try:
        attempt()
    except (FrozenInstanceError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
match a:
    case Point(x, y):
        print("matched", x, y)
