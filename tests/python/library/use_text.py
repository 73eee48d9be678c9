"""textwrap, string, pprint, copy, heapq, bisect, struct and statistics in one go."""

import bisect
import copy
import heapq
import pprint
import random
import statistics
import string
import struct
import textwrap
from fractions import Fraction
from decimal import Decimal, ROUND_HALF_EVEN, getcontext, localcontext

prose = "The quick brown fox jumps over the lazy dog, again and again and again."
print(textwrap.fill(prose, 30, initial_indent="* ", subsequent_indent="  "), textwrap.shorten(prose, 25), textwrap.dedent("   a\n     b\n"), textwrap.indent("a\n\nb", "> "), sep="\n")
print(string.Template("$who likes ${what} $$5").substitute(who="tim", what="kung"), string.capwords("a bC"), string.ascii_letters[:3], string.Formatter().format("{0:>{1}}", "x", 4))
nested = {"key%d" % i: list(range(i * 3)) for i in range(6)}
pprint.pprint(nested, width=40, compact=True)
deep = copy.deepcopy(nested)
deep["key1"].append("new")
print(nested["key1"], copy.copy(nested)["key1"] is nested["key1"])
heap = [5, 1, 4, 2]
heapq.heapify(heap)
print(heapq.heappushpop(heap, 3), heapq.nsmallest(2, heap), heapq.nlargest(2, heap), list(heapq.merge([1, 4], [2, 3])))
print(bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2), struct.pack("<hIf?4s", -2, 7, 1.5, True, b"ab"), struct.unpack(">Qb", bytes(range(9))), struct.calcsize("@ci"))
print(statistics.mean([1, 2, 3.5]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3, 4]), statistics.mode("aab"), statistics.quantiles(range(10), n=4), statistics.fmean([1, 2]))
print(Fraction(3, -6), Fraction("0.125") + Fraction(1, 3), Fraction(0.1).limit_denominator(10), Fraction(7, 2) // 1, float(Fraction(1, 3)), f"{Fraction(1, 3):.3f}")
with localcontext() as context:
    context.prec = 10
    print(Decimal(1) / Decimal(7), Decimal("1.10") + Decimal("2.205"), Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_EVEN), Decimal(2).sqrt(), Decimal("NaN"), -Decimal("Infinity"))
print(getcontext().prec, Decimal("1E+3").normalize(), Decimal("0.1") == 0.1, divmod(Decimal(7), Decimal(2)), f"{Decimal('1234.5'):,.2f}")
random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abc"), random.sample(range(50), 4), random.gauss(0, 1), random.shuffle([1]), random.choices("ab", [1, 3], k=5), random.getrandbits(70))
