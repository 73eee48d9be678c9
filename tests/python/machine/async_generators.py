"""Async generators, await, async for and async with, driven by hand."""
import sys
import types


def run(coroutine):
    sent = None
    while True:
        try:
            sent = coroutine.send(sent)
        except StopIteration as stop:
            return stop.value


def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error, repr(error.__context__), repr(error.__cause__))


@types.coroutine
def pause(value):
    return (yield value)


async def numbers(count):
    try:
        for number in range(count):
            await pause(number)
            got = yield number
            if got:
                print("got", got)
    finally:
        await pause("cleanup")
        print("closed")


async def collect():
    return [number async for number in numbers(4) if number != 2]


print(run(collect()))


async def early():
    generator = numbers(5)
    async for number in generator:
        if number == 1:
            break
    print(generator.ag_running, generator.ag_frame is not None, generator.ag_await)
    await generator.aclose()
    await generator.aclose()
    print(generator.ag_frame)
    try:
        await generator.asend(None)
    except StopAsyncIteration as error:
        print("done", error.args)
    return await anext(generator, "default")


print(run(early()))


async def sending():
    generator = numbers(5)
    print(await generator.asend(None), await generator.asend("x"))
    try:
        await generator.athrow(ValueError("boom"))
    except ValueError as error:
        print("out", error)
    try:
        await generator.athrow(ValueError("again"))
    except StopAsyncIteration:
        print("finished")
    except ValueError as error:
        print("thrown", error)


run(sending())


async def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


async def close_stubborn():
    generator = stubborn()
    await generator.__anext__()
    await generator.aclose()


show(run, close_stubborn())


async def raising(what):
    yield 1
    raise what


async def drive(what):
    async for _ in raising(what):
        pass


for what in StopIteration(1), StopAsyncIteration(2), ValueError(3):
    show(run, drive(what))


async def overlapping():
    generator = numbers(3)
    first = generator.asend(None)
    first.send(None)
    second = generator.asend(None)
    show(second.send, None)
    show(second.send, None)
    show(generator.aclose().send, None)
    show(generator.athrow(ValueError).send, None)
    show(first.close)
    show(first.send, None)


run(overlapping())


class Manager:
    async def __aenter__(self):
        await pause("enter")
        return "value"

    async def __aexit__(self, kind, value, traceback):
        await pause("exit")
        print("exit", kind and kind.__name__)
        return kind is ValueError


async def managed(error):
    async with Manager() as value:
        print(value)
        if error:
            raise error
    return "after"


print(run(managed(None)), run(managed(ValueError())))
show(run, managed(KeyError("k")))


async def awaits_itself():
    await own


own = awaits_itself()
show(run, own)


async def plain():
    return 1


coroutine = plain()
print(coroutine.cr_running, coroutine.cr_suspended, coroutine.cr_await, coroutine.cr_origin, coroutine.__name__)
show(run, coroutine)
show(run, coroutine)
show(plain().send, 1)
show(list, plain().__await__())


def hooks():
    seen = []

    async def agen():
        yield 1

    old = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=lambda generator: seen.append(generator.__name__), finalizer=print)
    try:
        generator = agen()
        generator.asend(None).close()
        generator.asend(None).close()
        print(seen, sys.get_asyncgen_hooks().finalizer is print)
    finally:
        sys.set_asyncgen_hooks(*old)
    print(sys.get_asyncgen_hooks())


hooks()


def origins():
    sys.set_coroutine_origin_tracking_depth(1)
    try:
        made = plain()
    finally:
        sys.set_coroutine_origin_tracking_depth(0)
    print([(line - origins.__code__.co_firstlineno, name) for _, line, name in made.cr_origin])
    made.close()


origins()


async def nested():
    inner = [n * 2 async for n in numbers(2)]
    both = {k: v async for k, v in pairs()}
    lazy = (n async for n in numbers(2))
    return inner, both, [n async for n in lazy]


async def pairs():
    yield "a", 1
    yield "b", 2


print(run(nested()))
