# With DEBUG_STATS each collection says on sys.stderr what it did.
import gc
import io
import re
import sys

LINES = [
    r"gc: collecting generation 2\.\.\.",
    r"gc: objects in each generation: \d+ \d+ \d+",
    r"gc: objects in permanent generation: 0",
    r"gc: done, (\d+) unreachable, 0 uncollectable, \d+\.\d{4}s elapsed",
]


def told(action):
    stream = sys.stderr = io.StringIO()
    try:
        gc.set_debug(gc.DEBUG_STATS)
        action()
        gc.set_debug(0)
    finally:
        sys.stderr = sys.__stderr__
    return stream.getvalue().splitlines()


lines = told(gc.collect)
print([bool(re.fullmatch(pattern, line)) for pattern, line in zip(LINES, lines[-4:])])
# Collections that nobody asked for are told as well.
kept = []
lines = told(lambda: kept.extend([number] for number in range(1000000)))
print(any(line.startswith("gc: done") for line in lines), gc.get_debug())
# A stream that fails does no harm.
gc.set_debug(gc.DEBUG_STATS)
sys.stderr = None
gc.collect()
gc.set_debug(0)
sys.stderr = sys.__stderr__
print(told(lambda: None))
