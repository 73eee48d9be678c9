"""Trace and profile functions: which events they get."""
import sys
def tracer(frame, event, arg):
    if frame.f_code.co_filename.startswith('<fro'): return
    print(event, frame.f_code.co_name, frame.f_lineno, arg if event in('return',) else arg and arg[0])
    return tracer
def g():
    yield 1
    yield 2
def h(x):
    if x: raise ValueError
    return 3
def f(n):
    a = 1
    for i in range(n):
        if i:
            a += 1
        else:
            a += 2
    for y in g():
        a += y
    try:
        h(1)
    except ValueError:
        pass
    while a > 5: a -= 1
    x = [h(0)
         for i in range(2)]
    with open_() as z:
        pass
    return (a,
        n)
class open_:
    def __enter__(self): return 1
    def __exit__(self, *a):
        pass
sys.settrace(tracer)
f(2)
sys.settrace(None)
f(1)
def prof(frame, event, arg):
    if frame.f_code.co_filename.startswith('<fro'): return
    print(event, frame.f_code.co_name, frame.f_lineno, getattr(arg, '__name__', arg))
sys.setprofile(prof)
f(1)
len([])
[].append(3)
try: [].pop()
except IndexError: pass
sys.setprofile(None)
def cur():
    def tr(frame, event, arg):
        print(event, frame.f_lineno)
        return tr
    sys._getframe().f_trace = tr
    x = 1
    sys.settrace(tr)
    y = 2
    for i in range(2):
        y += 1
    sys.settrace(None)
    z = 3
    return z
cur()


class StartsTracing:
    """Its special methods begin to trace their caller."""

    def begin(self):
        frame = sys._getframe(2)
        sys.settrace(lambda *arguments: None)
        frame.f_trace = lambda *arguments: None

    def __iter__(self):
        return self

    def __next__(self):
        self.begin()
        raise StopIteration

    def __getitem__(self, key):
        self.begin()
        return key

    def __lt__(self, other):
        self.begin()
        return True

    def __add__(self, other):
        self.begin()
        return NotImplemented


def traced_from_within():
    def loop(a):
        for x in a:
            print("no items")
        return "done"

    def item(a):
        return a[5]

    def less(a):
        return "less" if a < 3 else "not less"

    def plus(a):
        return a + 1

    for function in (loop, item, less, plus):
        try:
            print(function(StartsTracing()))
        except TypeError as error:
            print(error)
        finally:
            sys.settrace(None)


traced_from_within()


class Leaves:
    def __init__(self, error=None):
        self.error = error

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        if self.error is not None:
            raise self.error


def in_one_line():
    with Leaves(), Leaves(): raise KeyError  # fmt: skip


def leaving():
    with Leaves(), Leaves(ValueError):
        raise KeyError


# An exception that goes on from one `with` to the next in the same line begins no line anew.
for function in (in_one_line, leaving):
    events = []

    def trace(frame, event, value):
        if frame.f_code is not function.__code__:
            return None
        events.append((event, frame.f_lineno - function.__code__.co_firstlineno))
        return trace

    sys.settrace(trace)
    try:
        function()
    except Exception as error:
        events.append(type(error).__name__)
    finally:
        sys.settrace(None)
    print(function.__name__, events)
