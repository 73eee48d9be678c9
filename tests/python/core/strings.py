"""str and bytes: methods, formatting, slicing, encoding, escapes, and their errors."""

s = "Hello, Wörld! ß ǆ \U0001f600"
print(s, len(s), s.upper(), s.lower(), s.title(), s.swapcase(), s.casefold(), repr(s), ascii(s))
print(s.find("W"), s.rfind("l"), s.count("l"), s.replace("l", "L", 2), s.startswith(("x", "He")), s.partition(", "), s.rpartition("!"))
print("a,b,,c".split(","), " a  b ".split(), "a b c".rsplit(maxsplit=1), "x\ny\r\nz".splitlines(True), "-".join("abc"), "ab".center(6, "*"), "7".zfill(3), "-7".zfill(4))
print("  x ".strip(), "xxaxx".strip("x"), "prefix-a".removeprefix("prefix-"), "a.txt".removesuffix(".txt"), "a\tb".expandtabs(4), "abc"[::-1], "abc" * 2, "b" in "abc")
print("abc".isalpha(), "12".isdigit(), "½".isnumeric(), "a1".isalnum(), " ".isspace(), "Ab".istitle(), "a_1".isidentifier(), "\x00".isprintable(), "é".isascii())
print("abc".translate({97: "X", 98: None}), str.maketrans("ab", "xy"), "%s %5.2f %-4d| %x %r %%" % ("a", 3.14159, 7, 255, "q"), "%(k)s" % {"k": 1})
print("{0} {0!r} {k[0]} {o.imag:>5}".format("x", k=[1], o=2j), f"{3.14159:.2f} {1234567:,} {255:#x} {'a':>3} {'b':^5} {True!s:.2} {7:03d} {0.5:%} {1e10:g}")
value, width = 12.5, 8
print(f"{value:{width}.{2}f}|{value=}|{value!r:<8}|{{}}|{'nested ' + f'{width}'}|{[1, 2][0]}|{'a' if width else 'b'}")
print(f"{10:b} {10:o} {10:X} {-5:+d} {5: d} {1_000:_} {65:c} {1.5:e} {float('nan'):>5} {1e300*1e10} {12345.678:n} {-0.0}")
print("abc" < "abd", "a" "b", "a\
b", r"\n", "\x41\u0042\U00000043\N{LATIN SMALL LETTER A}\101", "tab\tq'\"", '"', "'")
b = b"abc\x00\xff"
print(b, b[1], b[1:3], b.hex(), bytes.fromhex("01 ff"), b.decode("latin-1"), "é€".encode(), "é".encode("utf-16-le"), b"%d %s" % (1, b"x"), bytes([1, 2]), bytes(2), b.split(b"c"), b"a" + b"b", b.find(b"c"), b"AB".lower())
for codec in ("ascii", "latin-1", "utf-8"):
    for errors in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
        try:
            print(codec, errors, "aé€".encode(codec, errors))
        except UnicodeEncodeError as error:
            print(error)
for data in (b"\xff", b"a\xe9", b"\xed\xa0\x80", b"\xf0\x9f"):
    try:
        data.decode()
    except UnicodeDecodeError as error:
        print(error, data.decode(errors="replace"), data.decode(errors="surrogateescape").encode(errors="surrogateescape") == data)
array = bytearray(b"abc")
array[0] = 65
array += b"de"
array[1:2] = b"--"
del array[-1]
view = memoryview(array)
print(array, view.nbytes, view.tolist()[:2], bytes(view[1:3]), view[0])
for bad in (
    lambda: "a" + 1,
    lambda: "a" * 1.5,
    lambda: "abc"[5],
    lambda: "abc".index("z"),
    lambda: "{}".format(),
    lambda: "{a}".format(),
    lambda: "%d" % "x",
    lambda: "%s %s" % (1,),
    lambda: "%q" % 1,
    lambda: f"{'a':d}",
    lambda: "a".join([1]),
    lambda: int("12x"),
    lambda: float("abc"),
    lambda: chr(-1),
    lambda: ord("ab"),
    lambda: "a".encode("nope"),
    lambda: bytes([256]),
    lambda: bytes("a"),
    lambda: b"a" + "b",
    lambda: "a".center("x"),
    lambda: "".split(""),
    lambda: "x".rjust(3, "ab"),
    lambda: "\ud800".encode(),
):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)
parts = ""
for i in range(2000):
    parts += str(i % 10)
print(len(parts), parts[-5:], hash("a") == hash("a"), "a".__class__, str(b"x", "ascii"), str(5), repr("\n\\"))

# Specifications that are used again: the same text for another type, and texts that differ in zero characters only.
for spec in ["5", "5\0", "", "\0>5", ">5", "05", "x", "5.1f", "<20", "^20_", "*>+14,.3f"]:
    row = []
    for _ in range(2):
        for value in [12, -3, True, 1.5, "ab"]:
            try:
                row.append(f"{value:{spec}}"[:24])
            except (ValueError, MemoryError, OverflowError) as error:
                row.append(type(error).__name__)
    print(ascii(spec), ascii(row[:5]), row[:5] == row[5:])
print([f"{n}{n!r}{n!s}{n!a}" for n in [0, 9, 10, -1, -10, 99_999_999, 100_000_000, -99_999_999, 2**47, -2**48, 2**70]])
print([str(10**n - 1) + str(10**n) + str(-10**n) for n in range(20)])

# Text put together from pieces of all sizes.
pieces = [chr(97 + n) * n for n in range(36)] + ["é" * n for n in range(1, 18)]
whole = "".join(pieces)
at = 0
for n, piece in enumerate(pieces):
    for other in ["", "x", "yz" * 9, "€" * 12]:
        both = piece + other
        assert both == "".join([piece, other]) and len(both) == len(piece) + len(other) and hash(both) == hash(str(both.encode(), "utf-8"))
        assert (both == piece) == (not other) and (both != piece) == bool(other)
    assert whole[at:at + len(piece)] == piece
    at += len(piece)
print(True + 1, 1 + True, True + True, False + (2**47 - 1), (2**48 - 1) + True, True - 1, True * 3)
