# The memory of an object stays where it is while others use it.
import array


def attempt(work):
    try:
        print(work())
    except Exception as error:
        print(type(error).__name__, error)


for owner in bytearray(b"abcd"), array.array("b", b"abcd"):
    with memoryview(owner) as view:
        attempt(lambda: owner.append(1))
        attempt(lambda: owner.pop())
        with memoryview(view)[1:]:
            attempt(view.release)
    owner.append(1)
    print(owner)


class Key:
    def __init__(self, owner):
        self.owner = owner

    def __index__(self):
        self.owner.clear()
        return 97


for name in "find", "count", "index":
    owner = bytearray(b"abc")
    attempt(lambda: getattr(owner, name)(Key(owner)))
owner = bytearray(b"abc")
attempt(lambda: owner.__setitem__(0, Key(owner)))
numbers = array.array("i", [1, 2, 3])
attempt(lambda: numbers.__setitem__(1, Key(numbers)))

view = memoryview(bytearray(b"abcdef"))


class Bound:
    def __index__(self):
        view.release()
        return 3


print(bytes(view[: Bound()]))
attempt(lambda: view[0])

print(bytearray(b"it's"), bytearray(b'"'), bytes(b"it's"))
print(bytearray(b"x").center(4, bytearray(b"-")), b"%c%b" % (bytearray(b"y"), memoryview(b"z")))
print(bytearray(b"\xff").__reduce_ex__(2), bytearray(b"\xff").__reduce_ex__(3), bytearray().__reduce__())
b = bytearray(range(8))
b[::2] = b""
print(b)
