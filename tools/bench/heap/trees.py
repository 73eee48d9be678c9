"""Build a large structure and collect over it, in the interpreter that runs this: `trees.py KIND [pauses]`.

Prints the seconds of CPU time that building took, those of each of three `gc.collect()`, and the peak of memory in KiB. With
`pauses` it prints instead how many seconds each automatic collection took: from `gc.callbacks`, or on Bredli, which collects where no
Python can run, on standard error, as `gc.DEBUG_STATS` does.
"""
import gc
import sys
import time

DEPTH = 20   # of the trees: two million nodes


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


class Linked:
    def __init__(self, parent, depth):
        self.parent = parent
        self.children = [Linked(self, depth - 1), Linked(self, depth - 1)] if depth else []


def instances(depth=DEPTH):
    return Node(instances(depth - 1), instances(depth - 1)) if depth else Node(None, None)


def tuples(depth=DEPTH):
    return (tuples(depth - 1), tuples(depth - 1)) if depth else (None, None)


def lists(depth=DEPTH):
    return [lists(depth - 1), lists(depth - 1)] if depth else [None, None]


def dicts(depth=DEPTH - 1):
    return {"left": dicts(depth - 1), "right": dicts(depth - 1)} if depth else {"left": None, "right": None}


def cycles():
    return Linked(None, DEPTH - 1)


def table():
    """A dict of a million strings."""
    return {number: "value %d" % number for number in range(1000000)}


def garbage():
    """Cycles that die soon, beside a structure that stays."""
    kept = instances(DEPTH - 3)
    for _ in range(1000):
        Linked(None, 9)
    return kept


KINDS = {item.__name__: item for item in (instances, tuples, lists, dicts, cycles, table, garbage)}


def timed(action):
    begin = time.process_time()
    kept = action()
    print(time.process_time() - begin)
    return kept


def watch():
    if sys.implementation.name == "bredli":
        gc.set_debug(gc.DEBUG_STATS)
        return []
    times = []
    gc.callbacks.append(lambda phase, info: times.append(time.perf_counter()))
    return times


def main():
    build = KINDS[sys.argv[1]]
    if sys.argv[2:] == ["pauses"]:
        times = watch()
        kept = build()
        gc.set_debug(0)
        gc.callbacks.clear()
        print(*[end - begin for begin, end in zip(times[::2], times[1::2])], sep="\n")
        return
    kept = timed(build)
    for _ in range(3):
        timed(gc.collect)
    with open("/proc/self/status") as file:
        print([line.split()[1] for line in file if line.startswith("VmHWM")][0])


if __name__ == "__main__":
    main()
