# Surrogates in format specifications and characters, and what `%` reports first.

import codecs

for value, spec in [(-1.5, "\ud800<8.1f"), (42, "\udfff^8x"), (1j, "\ud800>6"), ("ab", "\ud800^6"), (0xD800, "c"), (0x1F600, "\U0001f600>3c"), (7, "é>4")]:
    print(ascii(format(value, spec)))
print(ascii(f"{0xDC80:c}{1.5:\ud800>8}"))


def attempt(pattern, values):
    try:
        print(ascii(pattern), ascii(pattern % values))
    except Exception as error:
        print(ascii(pattern), type(error).__name__, error)


huge = "99999999999999999999"
for pattern in ["%(a", "%(a)", f"%(a){huge}d", f"%(a).{huge}d", f"%*.{huge}d", f"%d%{huge}d", "%(b)d", f"%.{huge}d", "%*.*", "%\ud800", "é%\u00e9"]:
    for values in [1, (1,), (1, 2), ("a", 2), {"a": 1}]:
        attempt(pattern, values)
    if pattern.isascii():
        attempt(pattern.encode(), {b"a": 1})
        attempt(bytearray(pattern.encode()), (1, 2))
for pattern in ["%(a)s%s", "%s%(a)s", "%(a)s%(a)s"]:
    attempt(pattern, {"a": 1})

# Surrogates in wide encodings, and in pieces of UTF-8.
for encoding in ["utf-16", "utf-16-le", "utf-32-be"]:
    for errors in ["strict", "surrogateescape", "surrogatepass", "replace", "backslashreplace"]:
        try:
            print(encoding, errors, "a\ud800\udc80b".encode(encoding, errors))
        except UnicodeEncodeError as error:
            print(encoding, errors, error)
for errors in ["strict", "surrogatepass", "surrogateescape", "replace"]:
    for pieces in [(b"a\xed\xa0", b"\x80b"), (b"a\xed", b"\xbf", b"\xbf"), (b"\xed\xa0", b"c"), (b"\xed\xa0",)]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors)
        try:
            print(errors, ascii([decoder.decode(piece) for piece in pieces]), decoder.getstate(), ascii(decoder.decode(b"", True)))
        except UnicodeDecodeError as error:
            print(errors, error)
