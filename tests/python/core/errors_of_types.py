# What built-in types say when an operation does not fit, and in which order they look at the arguments.


class Plain:
    pass


class Three(int):
    pass


class Shrinking:
    def __init__(self, array):
        self.array = array

    def __index__(self):
        self.array.clear()
        return 1


def attempt(source, **names):
    try:
        names["r"] = None
        exec(source, names)
        print(f"{source}: {ascii(names['r'])}")
    except Exception as error:
        print(f"{source}: {type(error).__name__}: {ascii(str(error))}")


for deletion in ["del r[:]", "del 'a'[0]", "del 'a'['a']", "del ()[:]", "del A()[0]", "del A()['a']", "del set()[2**64]", "del (lambda: 0)[0]", "A()[2**64] = 1"]:
    attempt(deletion, A=Plain)
for product in ["r = 3; r *= [1]", "r = I(3); r *= [1]", "r = A(); r *= [1]", "r = range(3); r *= (1,)", "r = I(3) * [1]"]:
    attempt(product, A=Plain, I=Three)
for assignment in ["x[4] = 'a'", "x['a'] = 'a'", "x[2**64] = 'a'", "x[4] = 300", "x[:] = 1.5", "x[:] = 1j", "x[:] = ...", "x[:] = [300]"]:
    attempt(assignment, x=bytearray(b"abc"))
array = bytearray(b"abc")
attempt("x[1] = index", x=array, index=Shrinking(array))
for construction in ["bytearray(1.5)", "bytearray([-1])", "bytes([-1])", "bytearray(A())", "bytes(A())"]:
    attempt(construction, A=type("A", (), {"__bytes__": lambda self: b"x"}))
for slices in ["x[:] = 5", "x[1:2] = 5", "x[::2] = 5"]:
    attempt(slices, x=[1, 2])
for call in [
    "'a'.partition(1)", "'a'.rpartition(b'a')", "b'a'.hex(5)", "b'a'.hex([])", "bytearray(b'a').hex([1])", "str.maketrans({'ab': 1})",
    "int(bytearray(b'x'), 2)", "int(memoryview(b'x'))", "int(b'')", "memoryview(b'').__exit__(a=1)", "memoryview(b'').__exit__(1, 2, 3, 4)",
    "min(1, 2, a=1, b=2, c=3)", "max(a=1)", "min(1, 2, a=1)", "{}.__setitem__(1)", "object().__setattr__('a')", "(lambda: 1).__get__()",
    "(lambda: 1).__get__(1, 2, 3)", "property().__set__(1)", "[].__delitem__()", "complex('1__0')", "complex('x_')", "complex('1_0x')", "complex('1_0j') - 10j",
]:  # fmt: skip
    attempt(f"r = {call}")
for call in [
    "1.5 in b''", "b''.find('a')", "bytes.fromhex('x\u0161')", "float.fromhex('\\ud800')", "int(1, 2, x=3)", "int(x=1, base=2, y=4)", "int(1, 2, 3)",
    "dict.fromkeys([[1]])", "str.maketrans({b'a': 1})", "b'%f' % 'a'", "b'%f' % 10**400", "bytearray(b'a').__init__(memoryview(b'b'), 1)",
]:  # fmt: skip
    attempt(f"r = {call}")
kept = bytearray(b"kept")
attempt("x.__init__(1, 2, 3, 4)", x=kept)
print(kept)
for call in ["sum(5, '')", "sum(['a'], '')", "{1}.intersection([[1]])", "{1}.issubset([[1]])", "{1}.issuperset([[1]])", "{1, 2}.issubset([2, 1, 1])", "b'%\\x1c' % 1"]:
    attempt(f"r = {call}")
for call in ["zip(string=1)", "zip([1], x=1)", "map(abs, [1], strict=1, y=2)", "list(map(abs, [-1], strict=True))"]:
    attempt(f"r = {call}")

# Methods that bytearray has from bytes have their signatures.
methods = [name for name in dir(bytes) if not name.startswith("_")]
print([name for name in methods if getattr(bytes, name).__text_signature__ != getattr(bytearray, name).__text_signature__])
for name in ["center", "decode", "hex", "lower", "split", "translate"]:
    print(name, getattr(bytearray, name).__text_signature__)
