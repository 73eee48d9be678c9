# Keyword arguments that a program keeps in a dictionary of its own must have strings as names.
import _thread
import functools
import sys

for stored in functools.partial(print), functools.partial(dict, 1):
    stored.keywords[1] = 2
    try:
        stored(a=3)
    except TypeError as error:
        print(error)
stored = functools.partial(print)
stored.__setstate__((dict, (), {1: 2}, {}))
try:
    stored()
except TypeError as error:
    print(error)

done = _thread.allocate_lock()
done.acquire()


def hook(ignored):
    print(ignored.exc_type.__name__, ignored.exc_value)
    done.release()


sys.unraisablehook = hook
_thread.start_new_thread(print, (), {1: 2})
done.acquire()
