"""except* and exception groups."""


def tree(error, depth=0):
    if isinstance(error, BaseExceptionGroup):
        print("  " * depth + f"{type(error).__name__} {error.message!r}")
        for member in error.exceptions:
            tree(member, depth + 1)
    else:
        print("  " * depth + repr(error))


def attempt(function):
    try:
        function()
    except BaseException as error:
        tree(error)
        print("context", repr(error.__context__))


def group():
    return ExceptionGroup("top", [ValueError(1), ExceptionGroup("sub", [TypeError(2), ValueError(3)]), OSError(4)])


def split():
    try:
        raise group()
    except* ValueError as caught:
        tree(caught)
    except* TypeError as caught:
        tree(caught)


def reraises():
    try:
        raise group()
    except* ValueError:
        raise
    except* OSError as caught:
        raise KeyError("new") from caught


def naked():
    try:
        raise ValueError("naked")
    except* ValueError as caught:
        print(repr(caught), caught.__traceback__ is not None)


def naked_unmatched():
    try:
        raise ValueError("naked")
    except* TypeError:
        print("never")


def nothing():
    try:
        pass
    except* ValueError:
        print("never")
    else:
        print("else")
    finally:
        print("finally")


for function in split, reraises, naked, naked_unmatched, nothing:
    print("--", function.__name__)
    attempt(function)

g = group()
g.add_note("note")
match, rest = g.split(ValueError)
tree(match)
tree(rest)
print(match.__notes__, rest.__notes__, g.split(KeyError)[0], g.subgroup(lambda e: isinstance(e, OSError)))
print(g.split((ValueError, TypeError, OSError))[1], repr(g.subgroup(ExceptionGroup)) == repr(g))
print(ExceptionGroup.__mro__, repr(ExceptionGroup("m", (ValueError(),))))


class Own(ExceptionGroup):
    def __new__(cls, message, members, code):
        self = super().__new__(cls, message, members)
        self.code = code
        return self

    def derive(self, members):
        return Own(self.message, members, self.code)


own = Own("own", [ValueError(1), TypeError(2)], 7)
print(own.split(ValueError)[0].code, type(own.subgroup(TypeError)).__name__)


def loops():
    for number in range(3):
        try:
            raise ExceptionGroup("g", [ValueError(number)])
        except* ValueError as error:
            print(error.exceptions)


loops()
