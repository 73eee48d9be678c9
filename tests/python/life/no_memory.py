"""Sizes that cannot be had raise MemoryError (or OverflowError); the program goes on."""
import array
import io

LARGE = 10**15


def grow(stream, data):
    stream.seek(LARGE)
    stream.write(data)


requests = dict(
    list=lambda: [0] * LARGE,
    tuple=lambda: (0,) * LARGE,
    str=lambda: "x" * LARGE,
    wide=lambda: "\u20ac" * LARGE,
    bytes=lambda: b"x" * LARGE,
    new_bytes=lambda: bytes(LARGE),
    bytearray=lambda: bytearray(LARGE),
    repeated_bytearray=lambda: bytearray(b"x") * LARGE,
    array=lambda: array.array("d", [0]) * LARGE,
    bytes_io=lambda: grow(io.BytesIO(), b"x"),
    ljust=lambda: "x".ljust(LARGE),
    zfill=lambda: "x".zfill(LARGE),
    center=lambda: b"x".center(LARGE),
    expandtabs=lambda: "\t".expandtabs(10**9) * 10**6,
    replace=lambda: ("a" * 10**6).replace("a", "b" * 10**9 if 0 else "b" * 10**7) * 10**3,
    to_bytes=lambda: (1).to_bytes(LARGE, "little"),
    to_bytes_longest=lambda: (1).to_bytes(2**63 - 1, "big"),
    shift=lambda: 1 << 10**15,
    format=lambda: format(1, str(LARGE)),
    percent=lambda: "%*d" % (LARGE, 1),
    inplace=lambda: bytearray(b"x").__imul__(LARGE),
    method=lambda: [0].__mul__(2**63 - 1),
    combined=lambda: [1, 2] * (2**62),
    buffered=lambda: io.BufferedReader(io.BytesIO(b"abc"), LARGE).read(1),
)
del requests["replace"], requests["expandtabs"]
for name, request in requests.items():
    try:
        request()
    except (MemoryError, OverflowError) as error:
        print(name, "refused")
    else:
        print(name, "granted")
print(array.array("b") * (2**63 - 1), len([0] * 1000))
