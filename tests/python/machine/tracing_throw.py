"""Throwing into a generator while a trace or profile function watches."""

import sys

events = []


def watcher(frame, event, arg):
    local = [frame.f_code.co_name, event]
    events.append(" ".join(local))
    return watcher


def generator():
    value = "kept"
    try:
        yield 1
    except ValueError as error:
        yield value, str(error)


for install in sys.settrace, sys.setprofile:
    running = generator()
    next(running)
    install(watcher)
    try:
        answer = running.throw(ValueError("thrown"))
    finally:
        install(None)
    print(answer)
print([event for event in events if event.startswith("generator")])
