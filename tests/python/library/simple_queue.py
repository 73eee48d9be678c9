# _queue.SimpleQueue: order, timeouts, threads.
import queue
import threading
import weakref


def attempt(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


items = queue.SimpleQueue()
print(type(items), queue.SimpleQueue[int], queue.Empty.__mro__)
attempt(items.get, False)
attempt(items.get_nowait)
attempt(items.get, timeout=-1)
attempt(items.get, True, "a")
attempt(items.get, timeout=1e30)
attempt(items.get, timeout=float("nan"))
attempt(items.get, timeout=0)
attempt(items.get, timeout=0.01)
attempt(items.get, False, -1)
attempt(items.put, 1, False, -3)
print(items.qsize(), items.empty(), items.get(), items.empty())

for round in range(3):
    for number in range(1000):
        items.put(number)
    assert [items.get() for _ in range(500)] == list(range(500))
    items.put_nowait("last")
    assert [items.get() for _ in range(501)] == [*range(500, 1000), "last"]
print(items.qsize())

results = queue.SimpleQueue()


def work():
    while (number := items.get()) is not None:
        results.put(number * number)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for number in range(200):
    items.put(number)
for thread in threads:
    items.put(None)
for thread in threads:
    thread.join()
print(sorted(results.get(timeout=1) for _ in range(200)) == [number * number for number in range(200)], results.empty())
print(weakref.ref(items)() is items)
