# The frames of a thread that waits, seen from another one, and what becomes of their objects.
import sys
import threading

entered, leave = threading.Event(), threading.Event()
results = []


def outer():
    value = "outer"
    inner()
    results.append(value)


def inner():
    value = "inner"
    entered.set()
    leave.wait()
    results.append(value)


thread = threading.Thread(target=outer)
thread.start()
entered.wait()
frame = sys._current_frames()[thread.ident]
names = []
while frame:
    if frame.f_code.co_name in ("inner", "outer"):
        names.append((frame.f_code.co_name, frame.f_locals["value"]))
        kept = frame
    frame = frame.f_back
print(names)
leave.set()
thread.join()
print(results, kept.f_code.co_name, kept.f_locals["value"])
