"""Exceptions: order of finally, chaining, groups, re-raising, and what `sys` sees."""

import sys

log = []


def flow(kind):
    for i in range(2):
        try:
            log.append(f"try {i}")
            if kind == "raise":
                raise KeyError(kind)
            if kind == "return":
                return "returned"
            if kind == "break":
                break
            if kind == "continue":
                continue
        except KeyError as error:
            log.append(repr(error))
        else:
            log.append("else")
        finally:
            log.append("finally")
    else:
        return "loop ended"
    return "broken"


for kind in ("raise", "return", "break", "continue", "none"):
    print(flow(kind), log)
    log.clear()


def chain():
    try:
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise ValueError("second") from error
    except ValueError as error:
        print(repr(error.__cause__), error.__suppress_context__)
    try:
        try:
            {}["k"]
        except KeyError:
            int("x")
    except ValueError as error:
        print(repr(error.__context__), error.__cause__)


chain()


def reraise():
    try:
        raise OSError(2, "No such", "file")
    except OSError as error:
        print(type(error), error.errno, error.filename, sys.exception() is error)
        raise


try:
    reraise()
except FileNotFoundError as error:
    print(error, error.args, sys.exc_info()[0])
print(sys.exception())
try:
    error
except NameError as missing:
    print(missing)


def group():
    raise ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [TypeError(2), ValueError(3)]), KeyError(4)])


try:
    try:
        group()
    except* ValueError as errors:
        print("values", errors.exceptions)
    except* TypeError as errors:
        print("types", errors.exceptions)
        raise LookupError("new")
except ExceptionGroup as rest:
    print(rest, [type(e).__name__ for e in rest.exceptions])
try:
    group()
except ExceptionGroup as whole:
    match, rest = whole.split(ValueError)
    print(match, rest, whole.subgroup(lambda e: isinstance(e, KeyError)), whole.derive([OSError()]))


class Custom(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code


try:
    raise Custom(7)
except (TypeError, Custom) as error:
    print(error, error.code, error.args, repr(error))
for bad in (lambda: exec("raise 1"), lambda: exec("raise int"), lambda: exec("try: 1/0\nexcept 5: pass"), lambda: exec("raise ValueError from 3"), lambda: exec("raise")):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        print("exit", kind and kind.__name__, value, trace is not None)
        return self.swallow


with Manager(True):
    raise ValueError("gone")
try:
    with Manager(False) as a, Manager(False):
        raise ValueError("kept")
except ValueError as error:
    print(error)
with Manager(False):
    pass
try:
    assert [] == [1], "not equal"
except AssertionError as error:
    print(error)




def deep(n):
    return deep(n + 1)


try:
    deep(0)
except RecursionError as error:
    print(error)
