"""The native pickler and unpickler: every protocol, shared and recursive objects, bad input, and what subclasses may change."""

import copyreg
import io
import pickle
import pickletools
import _pickle


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)


class Slotted:
    __slots__ = ("a",)


class Words(list):
    pass


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as problem:
        return type(problem).__name__, str(problem), getattr(problem, "__notes__", [])


values = [
    None, True, False, 0, 255, 256, 65535, 65536, -1, -128, 2**31 - 1, -2**31, 2**31, 2**63, -2**63, 10**40, -10**40, 0.5, -1e300,
    "", "text", "\u1234\U0001f600\ud800\\\n", b"", b"\x00\xff" * 200, bytearray(b"abc"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
    [], [1], list(range(2500)), {}, {"a": 1}, dict.fromkeys(range(999)), set(), {1, 2}, frozenset({3}), complex(1, 2), range(5),
    print, int, Point, Point.__init__, len, Point(1, [2]), Words("ab"), type(None), ..., "x" * 70000, b"y" * 70000,
]
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    for value in values:
        data = pickle.dumps(value, proto)
        assert pickle.loads(data) == value and pickle._loads(data) == value, (proto, value)
        assert pickle.loads(pickle._dumps(value, proto)) == value
        assert pickle.load(io.BytesIO(data)) == value
        if not isinstance(value, (set, frozenset)):
            assert data == pickle._dumps(value, proto), (proto, value)

shared = [1]
loop = [shared, shared]
loop.append(loop)
for proto in range(6):
    copy = pickle.loads(pickle.dumps(loop, proto))
    assert copy[0] is copy[1] and copy[2] is copy
pickletools.dis(pickle.dumps({"k": (1, Point)}, 4))

slotted = Slotted()
slotted.a = 5
print(pickle.loads(pickle.dumps(slotted)).a)


class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return "five" if obj == 5 else None

    def reducer_override(self, obj):
        return (str, ("replaced",)) if isinstance(obj, Point) else NotImplemented


class Loading(pickle.Unpickler):
    def persistent_load(self, pid):
        return pid.upper()

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


out = io.BytesIO()
Persistent(out).dump([5, Point(1, 2), 6])
print(Loading(io.BytesIO(out.getvalue())).load())

buffers = []
data = pickle.dumps([pickle.PickleBuffer(bytearray(b"big")), pickle.PickleBuffer(b"fixed")], 5, buffer_callback=buffers.append)
print(len(buffers), pickle.loads(data, buffers=[bytearray(b"one"), b"two"]), attempt(pickle.loads, data))

pickler = pickle.Pickler(io.BytesIO(), 2)
pickler.dump(shared)
print(list(pickler.memo.copy().values()), pickler.bin, pickler.fast, attempt(getattr, pickler, "dispatch_table")[0])
pickler.clear_memo()
print(pickler.memo.copy())

print(attempt(pickle.dumps, lambda: 0)[0])
print(attempt(pickle.dumps, {"a": [1, (2, io)]}))
for bad in [b"", b"\x80", b"\x80\x09.", b".", b"h\x05.", b")t.", b"X\xff\xff\xff\xff.", b"\x8b\xff\xff\xff\xff", b"Ix\n.", b"Sa\n.",
            b"cnope\nx\n.", b"\x82\x05.", b"NNR.", b"N)\x81.", b"\xff.", b"(2.", b"Npx\n.", b"Np-1\n.", b"NQ."]:
    print(bad, attempt(pickle.loads, bad))
deep = []
for _ in range(200_000):
    deep = [deep]
print(attempt(pickle.dumps, deep)[0])
