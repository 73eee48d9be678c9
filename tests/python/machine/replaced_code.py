"""A function's __code__ is replaced while frames, generators and tracebacks of it exist: these keep the former code."""
import sys
import threading


def second(*args):
    return "second"


def first(*args):
    global first_code
    here = sys._getframe()
    first_code = here.f_code
    line = here.f_lineno
    first.__code__ = second.__code__
    print(here.f_code is first_code, sys._getframe().f_code is first_code, here.f_lineno - line)
    try:
        print(missing)
    except NameError as error:
        print("caught", error, error.__traceback__.tb_frame.f_code is first_code, error.__traceback__.tb_lineno - line)
    return "first"


print(first(), first(), first.__code__ is second.__code__)
first.__code__ = first_code
print(first())


def deep(n):
    if n:
        return deep(n - 1) + 1
    deep.__code__ = (lambda n: 100).__code__
    return deep(5)


print(deep(10), deep(10))


def failing():
    failing.__code__ = second.__code__
    raise ValueError("in the former code")


try:
    failing()
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)
print(failing())


def generate(n):
    for i in range(n):
        try:
            yield i
        finally:
            pass


def other(n):
    yield "other"


suspended = generate(4)
print(next(suspended), next(suspended))
generate.__code__ = other.__code__
print(suspended.gi_code.co_name, suspended.gi_frame.f_code.co_name, list(suspended), list(generate(3)))


def caller(function):
    total = []
    for i in range(3):
        total.append(function(i))
        if i == 1:
            caller.__code__ = (lambda function: "replaced").__code__
    return total


print(caller(lambda i: i * i), caller(None))


def outer():
    cell = "cell"

    def inner():
        inner.__code__ = replacement.__code__
        return cell and inner and replacement and cell

    def replacement():
        return cell, inner, replacement

    print(inner())
    print(inner()[0])


outer()


async def wait(future):
    return await future


class Future:
    def __await__(self):
        yield "waiting"
        return "done"


coroutine = wait(Future())
print(coroutine.send(None))
wait.__code__ = second.__code__
try:
    coroutine.send(None)
except StopIteration as stop:
    print(stop.value, wait(1))

started, go_on = threading.Event(), threading.Event()


def work():
    started.set()
    go_on.wait()
    try:
        raise KeyError("here")
    except KeyError as error:
        print("thread", error)


thread = threading.Thread(target=work)
thread.start()
started.wait()
work.__code__ = second.__code__
go_on.set()
thread.join()
print(work())
