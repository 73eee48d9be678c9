# Frames of a thread that waits can be looked at from another one, and it goes on unharmed.
import sys
import threading

entered, leave = threading.Event(), threading.Event()
seen = []


def outer():
    value = 42
    inner(value)
    seen.append(value)


def inner(argument):
    try:
        raise KeyError(argument)
    except KeyError:
        entered.set()
        leave.wait()


thread = threading.Thread(target=outer)
thread.start()
entered.wait()
frames = sys._current_frames()
print(frames.pop(threading.get_ident()) is sys._getframe())
print(repr(sys._current_exceptions()[thread.ident]))
frame = frames.pop(thread.ident)
while frame.f_code.co_name != "inner":
    frame = frame.f_back
print(frame.f_locals, frame.f_back.f_locals, frame.f_back.f_code.co_name)
kept = frame.f_back
leave.set()
thread.join()
print(seen, kept.f_locals, len(sys._current_frames()))
