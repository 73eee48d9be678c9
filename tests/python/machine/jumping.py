# Setting f_lineno in a trace function: jumps forwards, backwards, out of blocks, and those that are refused.
import sys
import warnings

warnings.simplefilter("ignore", RuntimeWarning)


def run(function, start, end, event="line"):
    base = function.__code__.co_firstlineno
    events, done = [], False

    def tracer(frame, what, arg):
        nonlocal done
        if frame.f_code is not function.__code__:
            return None
        events.append(f"{what} {frame.f_lineno - base}")
        if what == event and frame.f_lineno - base == start and not done:
            done = True
            frame.f_lineno = base + end
            events.append(f"now {frame.f_lineno - base}")
        return tracer

    output = []
    sys.settrace(tracer)
    try:
        function(output)
    except Exception as error:
        output.append(repr(error))
    finally:
        sys.settrace(None)
    print(function.__name__, output)
    print("   ", *events, sep=", ")


def straight(output):
    output.append(1)
    output.append(2)
    output.append(3)


def loop(output):
    for i in 1, 2:
        output.append(i)
        for j in 3, 4:
            output.append(j)
    output.append(5)


def handled(output):
    try:
        output.append(2)
        1 / 0
    except ZeroDivisionError as error:
        output.append(5)
        output.append(6)
    output.append(sys.exception())
    try:
        output.append(9)
    finally:
        output.append(11)


class Context:
    def __init__(self, output):
        self.output = output

    def __enter__(self):
        self.output.append("enter")

    def __exit__(self, *args):
        self.output.append("exit")


def block(output):
    with Context(output) as c:
        output.append(2)
        output.append(3)
    output.append(c)


def spread(output):
    x = (
        output.append(2),
        output.append(3),
    )
    output.append(x)


def many(output):
    def generator():
        output.append("generator")
        yield 1

    output.extend(generator())
    return output


run(straight, 1, 3)
run(straight, 3, 1)
run(straight, 2, 9)
run(straight, 2, -1)
run(loop, 2, 5)
run(loop, 4, 2)
run(loop, 4, 3)
run(loop, 5, 2)
run(handled, 2, 5)
run(handled, 5, 7)
run(handled, 6, 2)
run(handled, 2, 11)
run(block, 2, 4)
run(block, 4, 2)
run(spread, 3, 5)
run(spread, 5, 2)
run(straight, 0, 2, "call")
run(straight, 3, 2, "return")

try:
    sys._getframe().f_lineno = 3
except ValueError as error:
    print(error)


def yields():
    yield 1
    yield 2


base, jumps = yields.__code__.co_firstlineno, 0


def tracer(frame, what, arg):
    global jumps
    if what == "return" and frame.f_lineno == base + 1 and jumps < 2:
        jumps += 1
        frame.f_lineno = base + 1
    return tracer


sys.settrace(tracer)
result = list(yields())
sys.settrace(None)
print(result, jumps)

for name in "f_lineno", "f_trace_opcodes":
    try:
        delattr(sys._getframe(), name)
    except AttributeError as error:
        print(error)
