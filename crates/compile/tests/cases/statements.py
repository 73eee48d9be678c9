def loops(items):
    for a, (b, *c) in items:
        if a and not b or c:
            continue
        elif a < b < c:
            break
    else:
        return None
    while True:
        try:
            return items[a:b], items[1:2], items[a]
        except (ValueError, TypeError) as error:
            print(error)
        except KeyError:
            raise
        else:
            pass
        finally:
            items.x.y[0] += 1
            items[a:] -= 2


def groups():
    try:
        work()
    except* ValueError as group:
        handle(group)
    except* TypeError:
        pass
    finally:
        done()


def managed(lock):
    with lock, open("f") as f:
        return f.read()


assert x, "message"
import a.b.c as d, e.f
from . import g as h
from .i import *
del a.b, c[0], (d, e)
raise Error from None
