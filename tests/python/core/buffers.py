"""The buffer protocol: memoryview, exports that forbid resizing, `__buffer__` in Python."""


def attempt(action):
    try:
        print(repr(action()))
    except Exception as error:
        print(type(error).__name__, error)


# Items of several formats and dimensions.
view = memoryview(bytearray(range(24))).cast("B", [2, 3, 4])
print(view.tolist(), view.strides, view[1, 2, 3], view[1:].tolist(), view.tobytes("F"))
attempt(lambda: view[0])
attempt(lambda: view[0, 1])
numbers = memoryview(bytearray(12)).cast("i")
numbers[1] = -7
print(numbers.tolist(), numbers[::-1].tolist(), numbers[::2].contiguous, numbers == memoryview(bytes(numbers)).cast("i"))
for value in ("a", 1 << 40, None):
    attempt(lambda: numbers.__setitem__(0, value))
small = memoryview(bytearray(2)).cast("e")
for value in (1.5, 65504.0, 5.960464477539063e-08, 65520.0):
    attempt(lambda: small.__setitem__(0, value))
    print(small[0], small.tobytes())
scalar = memoryview(b"\x01").cast("b", [])
print(scalar[()], scalar.tolist(), scalar.shape)
attempt(lambda: len(scalar))

# Slices share the memory; assignment needs the same structure.
data = bytearray(b"abcdef")
view = memoryview(data)
view[::2] = b"123"
view[1:] = view[:-1]
print(data, view[::-2].tobytes(), bytes(view[::2]), view.hex(":"))
attempt(lambda: view.__setitem__(slice(0, 2), b"1"))
attempt(lambda: b"".find(view[::2]))

# An exported bytearray keeps its size until the last view is released.
part = view[1:]
view.release()
attempt(lambda: data.append(1))
part.release()
attempt(lambda: data.append(1))
with memoryview(data) as view:
    attempt(lambda: data.clear())
attempt(lambda: view[0])
memoryview(data)[2:].tobytes()
data.extend(b"temporary views do not matter")
print(len(data))


# PEP 688.
class Buffer:
    def __init__(self):
        self.data = bytearray(b"xyz")

    def __buffer__(self, flags):
        print("buffer", flags)
        return memoryview(self.data)

    def __release_buffer__(self, view):
        print("release", view.tobytes())


buffer = Buffer()
view = memoryview(buffer)
print(view.tobytes(), type(view.obj).__name__)
attempt(lambda: buffer.data.append(1))
view.release()
attempt(lambda: buffer.data.append(1))
print(bytes(buffer), b"-".join([buffer, b"!"]))


class Loud(bytearray):
    def __release_buffer__(self, view):
        print("loud")
        attempt(lambda: memoryview(view))


view = memoryview(Loud(b"abc"))
view.release()
attempt(lambda: b"".__buffer__(1))
attempt(lambda: bytearray().__release_buffer__(memoryview(b"")))
attempt(lambda: hash(memoryview(b"abc")) == hash(b"abc"))
attempt(lambda: hash(memoryview(bytearray(b"abc"))))
