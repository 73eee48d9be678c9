"""Runs a program that `_programs` has made, and says what it did."""

import linecache
import re
import traceback

ROUNDS = 44
BUDGET = 60
ADDRESS = re.compile(" at 0x[0-9a-f]+")


class Tired(Exception):
    """The budget of a round is used up."""


class Problem(Exception):
    pass


class Base:
    def __repr__(self):
        return f"<{type(self).__name__}>"


class Meta(type):
    def __new__(cls, name, bases, namespace, **options):
        return super().__new__(cls, name, bases, namespace)

    def __call__(cls, *rest, **names):
        return super().__call__(*rest, **names)

    def __len__(cls):
        return 3


class Described:
    def __init__(self, name):
        self.name = name

    def __get__(self, instance, owner):
        return self.name, instance is None


class DataDescribed(Described):
    def __set__(self, instance, value):
        instance.__dict__[self.name] = value

    def __get__(self, instance, owner):
        return instance.__dict__[self.name] if instance is not None else self


class Pause:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


class Run:
    """What the program calls, and what it has noted."""

    def __init__(self):
        self.notes = []
        self.kept = []
        self.seen = {}
        self.budget = BUDGET
        self.globals = self.names()

    def names(self):
        run = self

        class Manager:
            def __init__(self, value, swallow=False, enters=None, leaves=None):
                self.value, self.swallow, self.enters, self.leaves = value, swallow, enters, leaves

            def __enter__(self):
                run.note("enter", self.value)
                if self.enters is not None:
                    raise self.enters
                return self.value

            def __exit__(self, kind, error, place):
                run.note("exit", kind, error)
                if self.leaves is not None:
                    raise self.leaves
                return self.swallow

        class AsyncManager(Manager):
            async def __aenter__(self):
                return self.__enter__()

            async def __aexit__(self, *rest):
                await Pause("exit")
                return self.__exit__(*rest)

        given = [Problem, Base, Meta, Described, DataDescribed, Pause, Manager, AsyncManager]
        return {
            "__name__": "case",
            **{kind.__name__: kind for kind in given},
            "note": self.note,
            "trace": self.trace,
            "tick": self.tick,
            "keep": self.keep,
            "cut": cut,
            "drive": self.drive,
        }

    def note(self, *values):
        text = " ".join(repr(value) for value in values)
        self.notes.append(ADDRESS.sub("", text))

    def trace(self, error):
        """Notes the exception with its traceback; as that takes time, an exception like one before is mentioned only."""
        places = []
        place = error.__traceback__
        while place is not None:
            places.append((place.tb_frame.f_code.co_name, place.tb_lineno, place.tb_lasti))
            place = place.tb_next
        key = ADDRESS.sub("", repr((error, error.__context__, places)))
        if key not in self.seen:
            self.seen[key] = len(self.seen)
            self.notes += ADDRESS.sub("", "".join(traceback.format_exception(error))).splitlines()
        self.notes.append(f"exception {self.seen[key]}")

    def tick(self):
        self.budget -= 1
        if self.budget < 0:
            raise Tired
        return True

    def keep(self, iterator):
        self.kept.append(iterator)
        return iterator

    def drive(self, iterator, values):
        """What comes out of a generator or coroutine that is sent these values, or thrown those that are exceptions."""
        came = []
        for value in values:
            try:
                if value == "close":
                    came.append(iterator.close())
                elif isinstance(value, BaseException) or isinstance(value, type):
                    came.append(iterator.throw(value))
                else:
                    came.append(iterator.send(value))
            except Tired:
                raise
            except BaseException as error:
                came.append(error)
        return came


def cut(value):
    """The value, or a smaller one instead."""
    if type(value) is int:
        return value if -(2**70) < value < 2**70 else value % 2**62
    if isinstance(value, (str, bytes, list, tuple, dict)) and (len(value) > 20 or len(repr(value)) > 150):
        return len(value)
    return value


def unwatched(run, function):
    return function()


def outcome(source, rounds=ROUNDS, watched=unwatched):
    """All that a program noted, round by round, unless it is the same as in the round before."""
    run = Run()
    names = run.globals
    linecache.cache["<case>"] = len(source), None, source.splitlines(keepends=True), "<case>"
    names["n"] = 0
    report = attempt(run, lambda: exec(compile(source, "<case>", "exec"), names))
    parts = [name for name in names if name.startswith("part")]
    before = dict.fromkeys(parts)
    for number in range(rounds):
        names["n"] = number
        for part in parts:
            came = attempt(run, lambda: watched(run, names[part]))
            if came != before[part]:
                report += [f"{part}, round {number}:", *came]
                before[part] = came
    return "\n".join(report)


def attempt(run, function):
    run.notes, run.budget = [], BUDGET
    try:
        result = function()
        run.note("returned", result)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        run.trace(error.with_traceback(error.__traceback__.tb_next))
    return run.notes

