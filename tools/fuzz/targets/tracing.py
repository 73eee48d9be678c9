"""Programs that are traced: the events that `sys.settrace`, `sys.setprofile` or `sys.monitoring` tell of, for some rounds."""

import sys

import _programs
import _running


def case(random):
    source = _programs.program(random)
    watched = random.choice([traced, profiled, monitored])
    return source, repr(_running.outcome(source, rounds=8, watched=watched))


def watches(run, frame):
    # A generator that is let go of is closed at once in CPython, that of another program at any time.
    return frame.f_globals is run.globals and frame.f_code.co_name not in ("<genexpr>", "__iter__")


def traced(run, function):
    def trace(frame, event, value):
        if not watches(run, frame):
            return None
        run.note(event, frame.f_code.co_name, frame.f_lineno, value[0] if event == "exception" else value)
        return trace

    sys.settrace(trace)
    try:
        return function()
    finally:
        sys.settrace(None)


def profiled(run, function):
    def profile(frame, event, value):
        if watches(run, frame):
            run.note(event, frame.f_code.co_name, *[frame.f_lineno] * (event != "c_return"), value)

    sys.setprofile(profile)
    try:
        return function()
    finally:
        sys.setprofile(None)


EVENTS = ["PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "PY_THROW", "PY_UNWIND", "LINE", "RAISE", "RERAISE", "EXCEPTION_HANDLED", "STOP_ITERATION"]


def monitored(run, function):
    monitoring = sys.monitoring
    events = 0

    def told(name):
        def tell(code, *rest):
            if not watches(run, sys._getframe(1)):
                return
            # Where in the code something is raised is CPython's own business: the caches of its instructions count.
            run.note(name, code.co_name, *(value for value in rest if name == "LINE" or not isinstance(value, int)))

        return tell

    monitoring.use_tool_id(monitoring.PROFILER_ID, "case")
    for name in EVENTS:
        event = getattr(monitoring.events, name)
        monitoring.register_callback(monitoring.PROFILER_ID, event, told(name))
        events |= event
    monitoring.set_events(monitoring.PROFILER_ID, events)
    try:
        return function()
    finally:
        monitoring.set_events(monitoring.PROFILER_ID, 0)
        monitoring.free_tool_id(monitoring.PROFILER_ID)
