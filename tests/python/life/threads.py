# Threads, locks, thread-local data.
import _thread
import queue
import sys
import threading
import time

total = 0
lock = threading.Lock()


def add(count, step=1):
    global total
    for _ in range(count):
        with lock:
            total += step


threads = [threading.Thread(target=add, args=(2000,), kwargs={"step": n}) for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, threading.active_count(), [thread.is_alive() for thread in threads])

print(lock.acquire(False), lock.acquire(False), lock.acquire(timeout=0.01), lock.locked())
lock.release()
for call in (lambda: lock.release(), lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -2), lambda: lock.acquire(True, 1e100)):
    try:
        call()
    except (RuntimeError, ValueError, OverflowError) as error:
        print(type(error).__name__, error)

again = threading.RLock()
print(again.acquire(), again.acquire(), again._recursion_count())
seen = []
other = threading.Thread(target=lambda: seen.append((again.acquire(False), again.locked())))
other.start()
other.join()
print(seen)
again.release()
again.release()
try:
    again.release()
except RuntimeError as error:
    print(error)


class Local(threading.local):
    def __init__(self, value):
        self.value = value


local = Local(1)
local.value = 2


def look():
    print(local.value, sorted(local.__dict__))
    local.own = 3
    print(sorted(local.__dict__))


thread = threading.Thread(target=look)
thread.start()
thread.join()
print(local.value, hasattr(local, "own"))

work = queue.Queue(maxsize=3)


def produce():
    for number in range(50):
        work.put(number)
    work.put(None)


threading.Thread(target=produce).start()
got = []
while (item := work.get()) is not None:
    got.append(item)
print(sum(got), len(got))

event, condition, barrier = threading.Event(), threading.Condition(), threading.Barrier(3)
print(event.wait(0.01))
results = []


def waiter():
    event.wait()
    barrier.wait()
    with condition:
        results.append(1)
        condition.notify()


for _ in range(3):
    threading.Thread(target=waiter).start()
event.set()
with condition:
    condition.wait_for(lambda: len(results) == 3)
print(results)

with threading.Semaphore(2) as entered:
    print(entered)


def fail():
    raise ValueError("in a thread")


def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)


threading.excepthook = hook
thread = threading.Thread(target=fail, name="failing")
thread.start()
thread.join()

print(threading.current_thread() is threading.main_thread(), threading.get_ident() == threading.main_thread().ident)
print(_thread.stack_size(), _thread.stack_size(1 << 20), threading.stack_size())
for call in (lambda: _thread.stack_size(-1), lambda: _thread.start_new_thread(1, ()), lambda: _thread.start_new_thread(print, 1)):
    try:
        call()
    except (TypeError, ValueError) as error:
        print(error)
sys.setswitchinterval(0.001)
print(round(sys.getswitchinterval(), 6))

spins, stop = [0, 0], False


def spin(number):
    while not stop:
        spins[number] += 1


spinning = [threading.Thread(target=spin, args=(n,)) for n in range(2)]
for thread in spinning:
    thread.start()
time.sleep(0.05)
stop = True
for thread in spinning:
    thread.join()
print(all(spins))

done = []
late = threading.Thread(target=lambda: (time.sleep(0.05), print("waited for")))
late.start()
idle = threading.Thread(target=lambda: time.sleep(1000), daemon=True)
idle.start()
print("main ends")
