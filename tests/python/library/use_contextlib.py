"""Context managers from generators, stacks, suppression, redirection, and their asynchronous forms."""

import asyncio
import contextlib
import io


@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except KeyError as error:
        print("swallowed", error)
    finally:
        print(f"</{name}>")


with tag("a") as a, tag("b") as b:
    print(a, b)
with tag("c"):
    raise KeyError("k")
with contextlib.suppress(ZeroDivisionError, ValueError):
    1 / 0
with contextlib.ExitStack() as stack:
    for name in "xy":
        stack.enter_context(tag(name))
    stack.callback(print, "callback", end="!\n")
with contextlib.redirect_stdout(io.StringIO()) as captured:
    print("hidden")
print(repr(captured.getvalue()), contextlib.nullcontext(3).__enter__())


@tag("decorated")
def work():
    return "done"


@contextlib.asynccontextmanager
async def later(name):
    await asyncio.sleep(0)
    yield name
    print("closed", name)


async def main():
    async with later("one") as one, contextlib.AsyncExitStack() as stack:
        two = await stack.enter_async_context(later("two"))
        print(one, two)


print(work())
asyncio.run(main())
try:
    with tag("d"):
        raise ValueError("out")
except ValueError as error:
    print("came out:", error)
