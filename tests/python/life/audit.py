# Audit events as the runtime raises them.
import os
import sys
import time
import _thread

seen = []
wanted = ("compile", "exec", "open", "object.", "os.", "time.", "sys.", "_thread.", "socket.", "gc.")


def hook(event, args):
    if event.startswith(wanted):
        seen.append(event)


sys.addaudithook(hook)


class Plain:
    pass


class Other:
    pass


def attempt(function, *args):
    try:
        function(*args)
    except OSError:
        pass


for action in (
    lambda: eval("1"),
    lambda: compile("1", "file", "eval"),
    lambda: setattr(Plain, "__name__", "Renamed"),
    lambda: setattr(Plain(), "__class__", Other),
    lambda: setattr(hook, "__defaults__", None),
    lambda: attempt(open, "/nonexistent/x"),
    lambda: attempt(os.mkdir, "/nonexistent/x"),
    lambda: attempt(os.rename, "/nonexistent/x", "y"),
    lambda: time.sleep(0),
    lambda: sys._getframe(),
    lambda: sys.settrace(None),
):
    seen.clear()
    action()
    print(seen)

traced = []


class Hook:
    __cantrace__ = False

    def __call__(self, event, args):
        pass


def trace(frame, event, arg):
    if frame.f_code is Hook.__call__.__code__:
        traced.append(event)


other = Hook()
sys.addaudithook(other)
code = compile("1", "file", "eval")
sys.settrace(trace)
eval(code)
other.__cantrace__ = True
eval(code)
sys.settrace(None)
print(traced)


def refuse(event, args):
    if event == "os.listdir":
        raise RuntimeError("no " + repr(args))


sys.addaudithook(refuse)
try:
    os.listdir("/")
except RuntimeError as error:
    print(error)
