"""Exceptions that a handler in the same frame drops: who asks what is being handled still finds all of it."""

import sys
import traceback


def shown(exception):
    frames = []
    entry = exception.__traceback__
    while entry is not None:
        frame = entry.tb_frame
        local = {name: value for name, value in frame.f_locals.items() if isinstance(value, int)}
        frames.append((frame.f_code.co_name, entry.tb_lineno - frame.f_code.co_firstlineno, local))
        entry = entry.tb_next
    return type(exception).__name__, str(exception), frames


def dropped():
    number = 1
    try:
        {}["key"]
    except KeyError:
        number = 2
    return number, sys.exception()


print(dropped())


def asked_in_handler():
    number = 1
    try:
        [][number]
    except (KeyError, IndexError):
        number = 2
        return shown(sys.exception()), sys.exc_info()[2].tb_lineno - sys._getframe().f_code.co_firstlineno


print(asked_in_handler())


def helper():
    level = 3
    return sys.exception()


def kept_by_callee():
    number = 1
    try:
        int("x")
    except ValueError:
        number = 2
        exception = helper()
    number = 5
    return exception


# The frame goes on after the exception was asked for, and its variables are those it has in the end.
print(shown(kept_by_callee()))


def context():
    number = 1
    try:
        None.attribute
    except AttributeError:
        number = 2
        {}[number]


try:
    context()
except KeyError as error:
    print(shown(error), shown(error.__context__))


def raised_again():
    number = 1
    try:
        () [0]
    except IndexError:
        number = 2
        raise


def passed_on():
    number = 1
    try:
        next(iter(()))
    except KeyError:
        pass
    except (TypeError, ValueError):
        pass


def passed_through_finally():
    number = 1
    try:
        try:
            {}[1]
        except IndexError:
            pass
    finally:
        number = 3


for function in (raised_again, passed_on, passed_through_finally):
    try:
        function()
    except Exception as error:
        print(shown(error))


def bare():
    try:
        1 + ""
    except:
        return traceback.format_exc().splitlines()[-1], len(traceback.extract_stack()) > 0


print(bare())


def generated():
    try:
        {}["generator"]
    except KeyError:
        yield shown(sys.exception())
        yield shown(sys.exception())


print(*generated())


def while_generating():
    number = 7
    try:
        [].pop()
    except IndexError:
        return list(inner())


def inner():
    yield shown(sys.exception())
    try:
        {}[3]
    except KeyError:
        yield shown(sys.exception()), shown(sys.exception().__context__)


print(while_generating())


class Descriptor:
    def __get__(self, instance, owner):
        print("asked for the class of", shown(sys.exception())[:2])
        return KeyError


class Names:
    error = Descriptor()


def asked_while_matching():
    try:
        {}["matching"]
    except Names().error:
        return "matched"


print(asked_while_matching())


def nested():
    try:
        {}["outer"]
    except KeyError:
        try:
            [][4]
        except IndexError:
            return shown(sys.exception()), shown(sys.exception().__context__)


print(nested())


# An exception that others have is not dropped.
stored = KeyError("stored")


def raise_stored():
    try:
        raise stored
    except KeyError:
        pass


raise_stored()
raise_stored()
print(shown(stored))


def raised_and_dropped(kind):
    number = kind
    try:
        if kind == 0:
            raise ValueError(kind)
        elif kind == 1:
            raise ValueError
        elif kind == 2:
            raise ValueError(kind) from KeyError(kind)
        elif kind == 3:
            raise ValueError from None
        raise OSError(2, "no file")
    except (ValueError, OSError):
        number += 10
        return shown(sys.exception()), sys.exception().__cause__, sys.exception().__suppress_context__


for _ in range(3):
    for kind in range(5):
        print(raised_and_dropped(kind))
