"""Prints int operations and CPython's results, one a line: `operation arguments... = results...`, ints in hexadecimal."""
import math, random, sys

sys.set_int_max_str_digits(0)
R = random.Random(14)


def number(bits=None):
    bits = R.choice([3, 8, 31, 32, 63, 64, 65, 66, 126, 127, 128, 129, 192, 256, 320, 900, 2000]) if bits is None else bits
    kind = R.randrange(4)
    n = R.getrandbits(bits) if kind < 2 else (1 << bits) - R.randrange(3) if kind == 2 else R.getrandbits(bits) & -(1 << R.randrange(bits))
    return -n if R.random() < 0.5 else n


def show(name, arguments, compute):
    try:
        result = compute(*arguments)
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        result = type(error).__name__
    result = result if isinstance(result, tuple) else (result,)
    text = lambda x: f"{x:x}" if isinstance(x, int) else x.hex() if isinstance(x, float) else str(x)
    print(name, *map(text, arguments), "=", *map(text, result))


for _ in range(40):
    a, b = number(), number()
    show("add", (a, b), lambda a, b: a + b)
    show("sub", (a, b), lambda a, b: a - b)
    show("mul", (a, b), lambda a, b: a * b)
    show("divmod", (a, b), divmod)
    show("truediv", (a, b), lambda a, b: a / b)
    show("and", (a, b), lambda a, b: a & b)
    show("or", (a, b), lambda a, b: a | b)
    show("xor", (a, b), lambda a, b: a ^ b)
    show("invert", (a,), lambda a: ~a)
    show("gcd", (a, b), math.gcd)
    show("lcm", (a, b), math.lcm)
    n = R.choice([0, 1, 31, 63, 64, 65, 127, 128, 200, 3000])
    show("shl", (a, n), lambda a, n: a << n)
    show("shr", (a, n), lambda a, n: a >> n)
    show("isqrt", (abs(a),), math.isqrt)
    show("float", (a,), float)
    show("hash", (a,), hash)
    show("bits", (a,), lambda a: (a.bit_length(), a.bit_count()))
    show("frexp", (a or 1,), lambda a: (a.bit_length(),))
    show("modpow", (a, number(R.choice([3, 9, 64, 70, 200])), b), pow)
    show("pow", (a, R.randrange(9)), pow)
    print("decimal", f"{a:x} =", a)
for _ in range(60):
    e = R.randrange(-1080, 1030)
    a = R.getrandbits(R.choice([53, 54, 55, 60, 64, 100, 200]))
    if R.random() < 0.5:
        a = (R.getrandbits(53) << 20 | 1 << 19) + R.choice([0, 0, 1, -1])
    b = R.getrandbits(R.choice([1, 20, 60, 64, 130])) | 1
    a, b = (a << e, b) if e > 0 else (a, b << -e)
    show("truediv", (a, b), lambda a, b: a / b)
    show("float", (a,), float)
for n in (1023, 1024, 2000):
    for a in (1 << n, (1 << n) - 1, (1 << n) - (1 << n - 53), (1 << n) - (1 << n - 54), (1 << n) - (1 << n - 54) - 1):
        show("float", (a,), float)
        show("truediv", (-a, 1), lambda a, b: a / b)
        show("truediv", (-a, 1 << 100), lambda a, b: a / b)
for _ in range(60):
    a, n, signed = number(R.choice([7, 8, 9, 15, 16, 63, 64, 65, 100, 128])), R.randrange(20), R.randrange(2)
    show("tobytes", (a, n, signed), lambda a, n, s: a.to_bytes(n, "big", signed=bool(s)).hex() + ".")
    data = R.randbytes(n)
    print("frombytes", data.hex() + ".", signed, "=", f"{int.from_bytes(data, 'little', signed=bool(signed)):x}")
for base in range(2, 37):
    a = number(R.choice([5, 70, 300, 9000]))
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text, n = "", abs(a)
    while n:
        text = digits[n % base] + text
        n //= base
    print("parse", base, ("-" if a < 0 else "") + (text or "0"), "=", f"{a:x}")
for text in ["0x_f", "0xf", "0b1", "0o17", "010", "00_0", "0", "1_0", "1__0", "_1", "1_", "0_", "0x", "0x_", "-0x10", "+5", "--5", "- 5", "0b2", "0o8", "1e5", "0B1", "0XfF", "0x__1", "00", "0_0", "01", "z"]:
    for base in (0, 2, 8, 10, 16, 36):
        try:
            result = f"{int(text, base):x}"
        except ValueError:
            result = "invalid"
        print("parse", base, text.replace(" ", "~"), "=", result)
for n in [0, 1, 2, 5, 20, 21, 33, 34, 35, 50, 100, 171, 300]:
    show("factorial", (n,), math.factorial)
    for k in {0, 1, n // 3, n // 2, n}:
        if k <= n:
            show("comb", (n, k), math.comb)
            show("perm", (n, k), math.perm)
show("comb", (10**30, 7), math.comb)
