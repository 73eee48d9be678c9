# Natives that have short ways for common arguments give the same for all others.
import io
import math
import re
import struct


def attempt(work, *args):
    try:
        print(work(*args))
    except Exception as error:
        print(type(error).__name__, error)


class Part(bytes):
    pass


# struct: limits, repeated and empty items, formats that share a place in what is remembered.
attempt(struct.pack, "<bBhHiIqQ", -128, 255, -32768, 65535, -(2**31), 2**32 - 1, -(2**63), 2**64 - 1)
attempt(struct.pack, ">2hxI3s0s?", 1, -2, 3, b"abcd", b"", True)
attempt(struct.pack, b"<I", 3)
for format, *values in [("B", 256), ("b", -129), ("H", -1), ("<i", 2**31), ("B", "a"), ("B",), ("B", 1, 2), ("\0B", 1), ("z", 1), ("P", -1)]:
    attempt(struct.pack, format, *values)
for count in range(300):
    numbers = range(count % 100)
    assert struct.pack(f"<{len(numbers)}B", *numbers) == bytes(numbers)

# bytes + something: an operand is the result only if it is a plain bytes object.
part = Part(b"xy")
for left in part, b"", b"ab", Part():
    for right in part, b"", b"cd", Part(), bytearray(b"z"), memoryview(b"mv"):
        joined = left + right
        print(joined, type(joined).__name__, joined is left, joined is right)
attempt(lambda: b"a" + "b")

# BytesIO.write: over what is there, past the end, while the memory is in use; a method of the class or of the instance.
stream = io.BytesIO()
for data in b"abc", part, bytearray(b"q"):
    stream.write(data)
stream.seek(1)
stream.write(b"ZZZZZZZZZZZ")
stream.seek(20)
stream.write(b"end")
print(stream.getvalue())
view = stream.getbuffer()
attempt(stream.write, b"x")
view.release()
attempt(stream.write, b"x")
stream.close()
attempt(stream.write, b"x")


class Stream(io.BytesIO):
    pass


streams = [io.BytesIO(), Stream(), Stream()]
streams[2].write = lambda data: "own"
print([stream.write(b"a") for _ in range(3) for stream in streams])

# Names of encodings and error handlers.
for name in "utf-8", "UTF_8", "latin1", "ascii", "utf-16-le", "x", "utf-8\udc80", "utf-8\0", None:
    attempt("abc".encode, name)
    attempt(b"abc".decode, name)
for handler in "ignore", "nonsense", "ign\0", "ign\udc80", 1:
    attempt("\xe9\udc80".encode, "ascii", handler)
    attempt(b"\xe9".decode, "ascii", handler)

# Searching in a bytearray looks at it where it is.
array = bytearray(b"hello world")
print(array.find(b"lo"), array.rfind(111), array.index(b"w", 3, -2), array.find(b"", 100), array.rindex(bytearray(b"o")))
attempt(array.index, b"q")
attempt(array.find, 256)
found = re.search(b"[a-z]+", array), re.search(b"w[a-z]+", array)
array[:] = b"xyz"
print(*[match.group() for match in found])

# Sums that turn into floats, and divisors.
print(sum([1, 2, 0.5]), sum([0.1] * 10, 1), sum([1e16, 1, -1e16]), sum([2**60, 0.5]), sum([0.5, 2**60, True]), sum([1, 1j]))
for start in b"", bytearray(), Part(), "":
    attempt(sum, [], start)
print(math.gcd(), math.gcd(-12, 18), math.gcd(0, 0), math.gcd(-(2**47), 2**47), math.gcd(10**30, 6), math.gcd(True, 5))


# Attributes that classes lack.
class Meta(type):
    @property
    def given(cls):
        return "given"

    @property
    def failing(cls):
        raise AttributeError("failing")

    def __getattr__(cls, name):
        if name == "late":
            return "late"
        raise AttributeError(name)


class Made(metaclass=Meta):
    plain = 1


for name in "plain", "given", "failing", "late", "absent", "mro":
    print(name, getattr(Made, name, "default") if name != "mro" else hasattr(Made, name), hasattr(int, name))

for pattern in ("10s", "20p", "c", "d", "?", "P", "B"):
    try:
        print(pattern, struct.pack(pattern, 5))
    except struct.error as error:
        print(pattern, error)
