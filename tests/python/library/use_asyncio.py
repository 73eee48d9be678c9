"""Tasks, gathering, cancellation, timeouts, queues, locks, groups and asynchronous generators."""

import asyncio


async def worker(name, queue, out):
    while True:
        item = await queue.get()
        if item is None:
            return
        await asyncio.sleep(0)
        out.append((name, item))


async def ticks(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


async def slow():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def fail(text):
    await asyncio.sleep(0)
    raise ValueError(text)


async def main():
    queue, out = asyncio.Queue(), []
    workers = [asyncio.create_task(worker(name, queue, out)) for name in "ab"]
    for item in [1, 2, 3, 4, None, None]:
        queue.put_nowait(item)
    await asyncio.gather(*workers)
    print(sorted(item for _, item in out))
    print([i async for i in ticks(3)], {i: i * i async for i in ticks(3) if i})
    try:
        async with asyncio.timeout(0.01):
            await slow()
    except TimeoutError as error:
        print("timeout", repr(error))
    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, fail("x"), return_exceptions=True))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail("one"))
            group.create_task(slow())
    except* ValueError as errors:
        print(errors.exceptions)
    lock, log = asyncio.Lock(), []

    async def guarded(n):
        async with lock:
            log.append(n)
            await asyncio.sleep(0)
            log.append(n)

    await asyncio.gather(*(guarded(n) for n in range(3)))
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    await asyncio.wait_for(event.wait(), 1)
    print(log, event.is_set(), await asyncio.shield(asyncio.sleep(0, "value")))


asyncio.run(main())
