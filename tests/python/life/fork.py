"""os.fork and os.register_at_fork: what runs where, threads that are gone in the child, locks and buffers."""
import os
import signal
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
read_end, write_end = os.pipe()


def say(*words):
    os.write(write_end, (" ".join(map(str, words)) + "\n").encode())


def in_child(work):
    """Run in a child process; its output and its status."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            say("child failed:", repr(error))
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    say("end")
    lines = b""
    while not lines.endswith(b"end\n"):
        lines += os.read(read_end, 4096)
    print(lines.decode()[:-4], end="")
    print("status", os.waitstatus_to_exitcode(status))


in_child(lambda: say("hello from the child"))
in_child(lambda: 1 / 0)

order = []
os.register_at_fork(before=lambda: order.append("before 1"), after_in_parent=lambda: order.append("parent 1"))
os.register_at_fork(before=lambda: order.append("before 2"), after_in_child=lambda: order.append("child"))
in_child(lambda: say(order))
print(order)
for arguments in ({}, {"before": 1}, {"after_in_child": None}):
    try:
        os.register_at_fork(**arguments)
    except TypeError as error:
        print(error)

stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()


def threads():
    say(threading.active_count(), thread.is_alive(), threading.current_thread() is threading.main_thread())
    thread.join()
    own = threading.Thread(target=say, args=("a thread of the child",))
    own.start()
    own.join()
    garbage = [[i] for i in range(100_000)]
    say(len(garbage))


in_child(threads)
print(threading.active_count(), thread.is_alive())
stop.set()
thread.join()


def nested():
    pid = os.fork()
    if pid == 0:
        say("grandchild")
        os._exit(7)
    say("grandchild's status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


in_child(nested)


def fork_from_thread():
    in_child(lambda: say("forked in a thread", threading.current_thread() is threading.main_thread()))


worker = threading.Thread(target=fork_from_thread)
worker.start()
worker.join()

sys.stdout.flush()
pid = os.fork()
if pid == 0:
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

print(signal.getsignal(signal.SIGSEGV) is signal.SIG_DFL)
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGSEGV)
    os._exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGSEGV)
