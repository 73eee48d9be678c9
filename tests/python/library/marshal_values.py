# Values of all types that can be marshalled, in every version, to bytes and files; what cannot be read or written.
import marshal, io
def rt(x, *a):
    d = marshal.dumps(x, *a); y = marshal.loads(d); f = io.BytesIO(); marshal.dump(x, f, *a); f.write(b'tail'); f.seek(0); z = marshal.load(f); assert f.read() == b'tail'
    return y, z
l = [1, 2.5]; l.append(l)
code = compile("def f(x): return x + 1j, 'abc', {1,2}", "f.py", "exec")
for v in range(6):
    for x in [None, True, ..., StopIteration, 0, -1, 2**31, 2**100, -2**70, 1.5, float('inf'), 1-2j, 'abc', 'é', '\ud800', 'x'*300, b'', b'abc', (), (1,), tuple(range(300)), [1,[2]], {1: 2, 'a': [3]}, {1,2,3}, frozenset('abc'), bytearray(b'x'), memoryview(b'yz')]:
        y, z = rt(x, v)
        assert y == x or x == bytearray(b'x') or isinstance(x, memoryview), (v, x, y)
        assert y == z and type(y) is type(z), (x, y, z)
    y, z = rt([code, code, {'c': code}], v)
    assert y[0] == code and y[2]['c'] == code, v
x = marshal.loads(marshal.dumps(l)); print(x[2] is x)
print(marshal.loads(marshal.dumps(slice(1, 'a', None))))
s = 'hello world'; a = (s, s); b = marshal.loads(marshal.dumps(a)); print(b[0] is b[1])
def bad(f, *a, **k):
    try: print(f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
bad(marshal.dumps, object()); bad(marshal.dumps, slice(1), 4); bad(marshal.dumps, [code], allow_code=False); bad(marshal.dumps, code, allow_code=False)
bad(marshal.loads, marshal.dumps(code), allow_code=False); bad(marshal.loads, marshal.dumps([code]), allow_code=False)
for d in [b'', b'[', b'[\x01\0\0\0', b'0', b'(\x01\0\0\x000', b'{N', b'{0', b'?', b'r\0\0\0\0', b'[\xff\xff\xff\xff', b'<\xff\xff\xff\xff', b'(\xff\xff\xff\xff', b's\xff\xff\xff\xff', b'l\x02\0\0\0\0\0\0\0', b'c', b':NN']:
    bad(marshal.loads, d)
deep = []
for i in range(3000): deep = [deep]
bad(marshal.dumps, deep); bad(marshal.loads, b')\x01' * 3000 + b'N')
class R:
    def __init__(s, d): s.d = d
    def read(s, n): return 'text' if n == 0 else b''
bad(marshal.load, R(b''))
class T(R):
    def read(s, n): return b''
    def readinto(s, b): return 10**6
bad(marshal.load, T(b'')); bad(marshal.load, io.BytesIO(b'')); bad(marshal.load, io.BytesIO(b'i\0'))
print(marshal.dumps({'b', 'a', 'c'}) == marshal.dumps({'c', 'b', 'a'}))
