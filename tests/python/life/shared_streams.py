"""Threads that use one buffered stream wait for each other; reentrancy in one thread is an error."""
import io
import threading
import time


class Slow(io.RawIOBase):
    def __init__(self):
        self.written = []
        self.inside = 0
        self.most = 0

    def writable(self):
        return True

    def readable(self):
        return True

    def enter(self):
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.002)
        self.inside -= 1

    def write(self, data):
        self.enter()
        self.written.append(bytes(data))
        return len(data)

    def readinto(self, buffer):
        self.enter()
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def run(work, count=6):
    errors = []

    def guarded():
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


raw = Slow()
writer = io.BufferedWriter(raw, 16)


def write():
    for _ in range(10):
        writer.write(b"0123456789abcdef0123456789")
        writer.flush()


print(run(write), raw.most, len(b"".join(raw.written)))

raw = Slow()
reader = io.BufferedReader(raw, 16)
total = []


def read():
    for _ in range(10):
        total.append(len(reader.read(40)))


print(run(read), raw.most, sum(total))


class Calling(Slow):
    def write(self, data):
        stream.write(b"again")
        return len(data)


stream = io.BufferedWriter(Calling(), 8)
try:
    stream.write(b"0123456789")
    stream.flush()
except RuntimeError as error:
    print(str(error).split(" <")[0])
stream.raw.__class__ = Slow
