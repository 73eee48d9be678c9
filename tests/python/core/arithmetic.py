"""int, float, complex, bool: arithmetic, conversions, formatting, and their errors."""

import math

print(7 // 2, -7 // 2, 7 % -3, -7 % 3, divmod(-7, 2), 2**10, 2**-1, 7 / 2, 1 / 3, 10**20 // 7, -(10**20) % 7)
print(0xFF, 0o17, 0b101, 1_000, 1e3, 1.5e-7, 0.1 + 0.2, 1e16, 1e22, 123456789.123456789, 5e-324, 1.7976931348623157e308, -0.0, 100.0)
print(1 << 100, (1 << 100) >> 98, ~5, 6 & 3, 6 | 3, 6 ^ 3, -1 >> 3, -1 & (1 << 70), (-5) ** 3, pow(3, 100, 7), pow(3, -1, 7), 2**200)
print(int("ff", 16), int("0b11", 0), int(-3.9), int("  12 "), int("1_0"), float("1e5"), float(" inf "), float("-nan"), complex("1+2j"), bool([]), int(True) + True)
print((255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "little"), (10).bit_length(), (7).bit_count(), (0.75).as_integer_ratio(), (3.0).is_integer(), (0.1).hex(), float.fromhex("0x1.8p1"))
print(round(2.5), round(3.5), round(-2.567, 2), round(1234, -2), abs(-3), abs(3 + 4j), max(1, 2.0), sum([0.1] * 10), math.fsum([0.1] * 10))
print((1 + 2j) * (3 - 1j), (1 + 2j) / (1 - 1j), (1 + 2j) ** 2, (1 + 2j).conjugate(), 1j.imag, complex(1, -0.0), -1j)
print(1 == 1.0, hash(1) == hash(1.0) == hash(True), 2**53 == 2.0**53, 2**53 + 1 == 2.0**53, 1 < 2 < 3 > 2, float("nan") == float("nan"), 10**400 > 1e308, 0.1 == 1 / 10)
print(math.sqrt(2), math.pi, math.gcd(12, 18), math.factorial(20), math.isqrt(10**30), math.comb(10, 3), math.inf, math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.hypot(3, 4), math.log2(8), math.copysign(1, -0.0), math.nextafter(1, 2), math.prod([1, 2, 3]))
print(str(10**50), f"{10**30:,}", f"{2**70:x}", hex(-255), oct(8), bin(5), int(str(3**200)) == 3**200, len(str(7**5000)), (10**1000) // (10**990), 3**300 % 10**20)
a, b = 123456789012345678901234567890, 987654321098765432109876543210
print(a * b, b // a, b % a, b - a, a & b, a ^ b, -a >> 5, a.bit_length(), math.gcd(a, b), float(a), a / b)
n = 2**48
print(n - 1, n, n + 1, -n - 1, (n - 1) * (n - 1), n * n, (n - 1) + 1 - n, -n, -n - 2, 2**47 * 2, 2**63 - 1 + 1, 2**64 - 1)
for bad in (
    lambda: 1 / 0,
    lambda: 1 // 0,
    lambda: 1 % 0,
    lambda: 1.0 / 0,
    lambda: 0**-1,
    lambda: 0j**-1,
    lambda: int("x"),
    lambda: int("10", 99),
    lambda: int(float("inf")),
    lambda: int(float("nan")),
    lambda: float("1e"),
    lambda: 1 << -1,
    lambda: math.sqrt(-1),
    lambda: math.log(0),
    lambda: 10.0**400,
    lambda: float(10**400),
    lambda: 1 + "a",
    lambda: "a" - 1,
    lambda: -[],
    lambda: 1 < "a",
    lambda: 1j < 2,
    lambda: round("x"),
    lambda: pow(2, -1, 4),
    lambda: (300).to_bytes(1, "big"),
    lambda: math.factorial(-1),
    lambda: f"{1.5:d}",
    lambda: f"{1:z}",
    lambda: int([]),
    lambda: chr(1114112),
):
    try:
        print(bad())
    except Exception as error:
        print(type(error).__name__, error)
total = 0
for i in range(1000):
    total += i * i - (i >> 1) + (i & 3)
print(total, sum(i * 0.5 for i in range(100)), sum(range(10**6)))
x = 1
for i in range(1, 60):
    x = x * i + (x >> 3)
print(x)
