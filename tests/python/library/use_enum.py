"""Enum, Flag, IntEnum, StrEnum, auto, aliases and members with behaviour."""

from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


class Colour(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    @property
    def nice(self):
        return self.name.title()


class Access(Flag):
    READ = auto()
    WRITE = auto()
    BOTH = READ | WRITE


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Word(StrEnum):
    HELLO = auto()
    OTHER = "thing"


class Planet(Enum):
    EARTH = (5.9, 6.3)
    MARS = (0.6, 3.3)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius


print(list(Colour), Colour.CRIMSON is Colour.RED, Colour(2), Colour["RED"].nice)
print(Access.READ | Access.WRITE, Access.BOTH & ~Access.READ, Access(0), list(Access.BOTH), Access.READ in Access.BOTH)
print(Level.LOW < 5 < Level.HIGH, Level.HIGH + 1, f"{Level.LOW}", repr(Level.LOW))
print(Word.HELLO, Word.OTHER.upper(), Word("thing"))
print(Planet.MARS.mass, Colour.__members__)
for attempt in (lambda: Colour(7), lambda: Colour["BLUE"], lambda: unique(Colour)):
    try:
        attempt()
    except (ValueError, KeyError) as error:
        print(type(error).__name__, error)
