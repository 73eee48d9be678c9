# A tour of the library's pure-Python half: what programs use every day, each module a little.
import abc
import argparse
import asyncio
import collections
import contextlib
import copy
import csv
import dataclasses
import decimal
import enum
import fractions
import functools
import heapq
import inspect
import io
import itertools
import json
import logging
import pathlib
import pprint
import random
import re
import statistics
import string
import sys
import tempfile
import textwrap
import traceback
import types
import typing
import unittest
from _pydatetime import date, datetime, timedelta, timezone


def heading(name):
    print(f"== {name}")


heading("argparse")
parser = argparse.ArgumentParser(prog="tour", description="Look around.", epilog="That is all.")
parser.add_argument("where", nargs="+", help="places to see")
parser.add_argument("-n", "--number", type=int, default=3, metavar="N", help="how many (default: %(default)s)")
group = parser.add_mutually_exclusive_group()
group.add_argument("--fast", action="store_true")
group.add_argument("--slow", action="store_const", const=7, help=argparse.SUPPRESS)
commands = argparse.ArgumentParser(prog="tool", color=False)
sub = commands.add_subparsers(dest="command", required=True)
add = sub.add_parser("add", help="add things", aliases=["plus"])
add.add_argument("numbers", type=float, nargs="*")
add.add_argument("--round", choices=["up", "down"])
parser.color = False
print(parser.parse_args(["a", "b", "-n5", "--fast"]))
print(parser.format_help())
print(commands.parse_args(["plus", "1", "2.5", "--round=up"]))
for bad in (["a", "--fast", "--slow"], ["-n", "x", "a"], [], ["a", "--wrong"]):
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        try:
            parser.parse_args(bad)
        except SystemExit as exit:
            print(exit.code, errors.getvalue().splitlines()[-1])
with contextlib.redirect_stderr(io.StringIO()) as errors, contextlib.suppress(SystemExit):
    commands.parse_args(["add", "--round", "sideways"])
print(errors.getvalue())

heading("dataclasses")


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = dataclasses.field(default_factory=list, compare=False, repr=False)
    scale: dataclasses.KW_ONLY = None

    def __post_init__(self):
        self.tags.append(f"{self.x},{self.y}")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    name: str
    size: float = 1.5


print(Point(1), Point(1, 2) > Point(1), Point(3, 4).tags, dataclasses.asdict(Point(5)), dataclasses.replace(Point(1), y=9))
print(Frozen(name="ice"), hash(Frozen(name="a")) == hash(Frozen(name="a")), Frozen.__slots__)
try:
    Frozen(name="x").size = 3
except dataclasses.FrozenInstanceError as error:
    print(type(error).__name__, error)
print([(f.name, f.type, f.kw_only) for f in dataclasses.fields(Frozen)], inspect.signature(Point))
print(dataclasses.make_dataclass("Made", ["a", ("b", int, 2)])(1))

heading("enum")


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    @property
    def shade(self):
        return self.name.lower()


class Permission(enum.Flag):
    R = enum.auto()
    W = enum.auto()
    X = enum.auto()
    RW = R | W


class Level(enum.IntEnum):
    LOW = enum.auto()
    HIGH = 10


class Text(enum.StrEnum):
    ONE = enum.auto()


print(list(Color), Color.CRIMSON is Color.RED, Color(2), Color["RED"].shade, Color.__members__)
print(Permission.R | Permission.X, ~Permission.R, Permission.RW, Permission(5), list(Permission.RW), Permission.W in Permission.RW)
print(Level.LOW < 5, Level.HIGH + 1, f"{Level.HIGH}", Text.ONE == "one", repr(Text.ONE))
try:
    Color(7)
except ValueError as error:
    print(error)

heading("typing, types, abc")
T = typing.TypeVar("T")


class Stack(typing.Generic[T]):
    def push(self, item: T) -> "Stack[T]":
        return self


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...

    @abc.abstractmethod
    def name(self): ...


class Movie(typing.TypedDict, total=False):
    title: typing.Required[str]
    year: int


class Named(typing.NamedTuple):
    a: int
    b: str = "x"


@typing.runtime_checkable
class Closes(typing.Protocol):
    def close(self) -> None: ...


print(Stack[int], typing.get_type_hints(Stack.push), typing.Optional[int] | str, typing.Union[int, str, int])
print(Movie(title="T"), Movie.__required_keys__, Movie.__optional_keys__, Named(1), Named(1)._replace(b="y"), Named._field_defaults)
print(isinstance(io.StringIO(), Closes), isinstance(3, Closes), typing.get_args(dict[str, list[int]]), typing.Literal["a", 1])
try:
    Shape()
except TypeError as error:
    print(error)
print(types.SimpleNamespace(a=1, b=[2]), types.MappingProxyType({"k": 1}), types.new_class("New", (int,), {}, lambda ns: ns.update(q=5)).q)
print(typing.Callable[[int], str], typing.Annotated[int, "meta"].__metadata__, typing.assert_type(1, int), typing.NewType("UserId", int))

heading("re")
log = "2024-01-02 ERROR disk /dev/sda1 at 97%\n2024-01-03 INFO all fine\n"
pattern = re.compile(r"^(?P<day>\d{4}-(\d\d)-\d\d) (?P<level>[A-Z]+) (?P<rest>.*)$", re.M)
for match in pattern.finditer(log):
    print(match.group("day", 2, "level"), match.span("rest"), match.groupdict()["rest"])
print(re.sub(r"(\w+)@(\w+)", r"\2 at \g<1>", "me@home you@work"), re.split(r"[,;]\s*", "a, b;c,d", maxsplit=2))
print(re.findall(r"(?i)(?<=x)y+(?!z)", "xyyz XYY xy"), re.fullmatch(r"(a|b)*+c", "ababc"), re.escape("a.b*c"))
print(re.subn("[aeiou]", lambda m: m[0].upper(), "education"), pattern)
try:
    re.compile("(unclosed")
except re.PatternError as error:
    print(error, error.pos, error.lineno, error.colno)

heading("json")
data = {"name": "Zoë", "list": [1, 2.5, None, True], "nested": {"a": {"b": []}}, "big": 10**20}
print(json.dumps(data), json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2), sep="\n")
print(json.loads(json.dumps(data)) == data, json.loads("[NaN, Infinity, -0.0, 1e5]"), json.dumps({1: 2, None: 3, 1.5: 4}, separators=(",", ":")))
for bad in ('{"a": }', "[1, 2", '"\x01"', "nope", '{"a" 1}', "[1,]"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error)
try:
    json.dumps({"x": {1, 2}})
except TypeError as error:
    print(error, error.__notes__)

heading("collections")
counter = collections.Counter("mississippi")
print(counter, counter.most_common(2), counter - collections.Counter("sip"), counter.total(), +counter == counter)
tree = collections.defaultdict(lambda: collections.defaultdict(int))
tree["a"]["b"] += 1
print(dict(tree["a"]), collections.deque([1, 2, 3], maxlen=2), collections.OrderedDict(a=1, b=2), collections.ChainMap({"x": 1}, {"x": 2, "y": 3})["y"])
d = collections.deque(range(5))
d.rotate(2)
d.extendleft("ab")
print(d, d.index(4), collections.namedtuple("P", "x y", defaults=[0])(5))

heading("itertools, functools")
print(list(itertools.islice(itertools.accumulate(itertools.count(1), lambda a, b: a * b), 6)), list(itertools.batched("ABCDEFG", 3)))
print([(k, list(g)) for k, g in itertools.groupby("aabccc")], list(itertools.zip_longest("ab", "c", fillvalue="-")))
print(len(list(itertools.permutations(range(5), 3))), list(itertools.combinations_with_replacement("ab", 2)), list(itertools.pairwise([1, 2, 3])))


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.singledispatch
def show(value):
    return "thing"


@show.register
def _(value: int):
    return "number"


@show.register(list)
def _(value):
    return "list of " + ", ".join(map(show, value))


@functools.total_ordering
class Version:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.number < other.number


print(fibonacci(80), fibonacci.cache_info(), show([1, "a", [2]]), Version(1) >= Version(0), functools.reduce(lambda a, b: a * 10 + b, [1, 2, 3]))
print(functools.partial(int, base=2)("101"), functools.partial(print, 1), functools.cmp_to_key(lambda a, b: b - a)(3) < functools.cmp_to_key(lambda a, b: b - a)(2))

heading("contextlib")


@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as error:
        print("caught", error)
    finally:
        print(f"</{name}>")


with tag("p") as value, contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    stack.enter_context(tag("b"))
    stack.push(contextlib.closing(io.StringIO()))
    raise ValueError(value)


async def aclosing():
    @contextlib.asynccontextmanager
    async def manager():
        yield "inside"
        print("left")

    async with manager() as value:
        print(value)


heading("pathlib")
path = pathlib.PurePosixPath("/usr/lib/python3.14/os.py")
print(path.parent, path.stem, path.suffix, path.parts, path.with_suffix(".pyc"), path.relative_to("/usr"), path.match("*.py"))
with tempfile.TemporaryDirectory() as directory:
    root = pathlib.Path(directory)
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "x.txt").write_text("hello\nworld\n", encoding="utf-8")
    (root / "a" / "b" / "y.bin").write_bytes(b"\x00\x01")
    print(sorted(str(p.relative_to(root)) for p in root.rglob("*")), (root / "a/x.txt").read_text().splitlines(), (root / "a/b/y.bin").stat().st_size)
    print((root / "none").exists(), [p.name for p in (root / "a").iterdir() if p.is_file()])
    try:
        (root / "none").read_text()
    except FileNotFoundError as error:
        print(error.strerror)

heading("datetime")
moment = datetime(2024, 2, 29, 13, 5, 7, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
print(moment, repr(moment), moment.isoformat(timespec="minutes"), moment.astimezone(timezone.utc), moment.timestamp())
print(moment.strftime("%Y-%j %H:%M:%S.%f %z %a %B"), date(2024, 12, 30).isocalendar(), datetime.fromisoformat("2024-03-01T00:00:00+00:00") - moment)
print(timedelta(days=-1, seconds=5), timedelta(weeks=1) / timedelta(hours=1), date.fromordinal(738000), datetime.strptime("3 Jan 2021", "%d %b %Y"))
for bad in (lambda: date(2023, 2, 29), lambda: datetime.fromisoformat("nope"), lambda: timedelta(days=10**10)):
    try:
        bad()
    except (ValueError, OverflowError) as error:
        print(type(error).__name__, error)

heading("asyncio")


async def worker(name, queue, results):
    while True:
        job = await queue.get()
        await asyncio.sleep(0)
        results.append((name, job))
        queue.task_done()


async def main():
    queue, results = asyncio.Queue(), []
    workers = [asyncio.create_task(worker(f"w{i}", queue, results)) for i in range(2)]
    for job in range(4):
        queue.put_nowait(job)
    await queue.join()
    for task in workers:
        task.cancel()
    print(sorted(results), await asyncio.gather(*workers, return_exceptions=True))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print("timed out")
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.sleep(0, "fine"))
            tasks.create_task(fail())
    except* ZeroDivisionError as group:
        print(group.exceptions)
    lock, event = asyncio.Lock(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.001, event.set)
    async with lock:
        print(await event.wait(), lock.locked())
    print([i async for i in agen()])
    await aclosing()


async def fail():
    1 / 0


async def agen():
    for i in range(3):
        yield i
        await asyncio.sleep(0)


asyncio.run(main())

heading("unittest")


class Tests(unittest.TestCase):
    def setUp(self):
        self.value = 5

    def test_fine(self):
        self.assertEqual(self.value, 5)
        with self.assertRaisesRegex(ValueError, "in.alid"):
            int("x")

    def test_fails(self):
        self.assertEqual([1, 2, 3], [1, 2, 4])

    def test_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)

    @unittest.skip("not today")
    def test_skipped(self): ...

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()


stream = io.StringIO()
result = unittest.TextTestRunner(stream, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Tests))
print(re.sub(r"File \".*?\"", 'File "..."', re.sub(r"in [\d.]+s", "in T", stream.getvalue())))

heading("logging")
stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)-8s|%(name)s|%(funcName)s|%(message)s"))
logger = logging.getLogger("tour.log")
logger.addHandler(handler)
logger.setLevel(logging.INFO)
logger.propagate = False
logger.debug("hidden")
logger.info("shown %s %d", "x", 5)
try:
    {}["missing"]
except KeyError:
    logger.exception("failed")
logger.log(35, "odd level", extra={"k": 1})
print(re.sub(r"File \".*?\", line \d+", "File ..., line N", stream.getvalue()))

heading("textwrap, string, copy, pprint")
text = "The quick brown fox jumped over the lazy dog. " * 3
print(textwrap.fill(text, 40, initial_indent="* ", subsequent_indent="  "), textwrap.dedent("    a\n      b\n"), textwrap.shorten(text, 30), sep="\n")
print(string.Template("$who likes ${what} $$5").substitute(who="tim", what="kung pao"), string.capwords("hello  big world"), string.ascii_letters[-3:])
print(string.Formatter().format("{0:>5}|{name!r}|{1.real}", 1, 2, name="n"))
tangled = [1, [2, 3], {"k": (4, [5])}]
tangled.append(tangled)
clone = copy.deepcopy(tangled)
print(clone[3] is clone, clone[1] == tangled[1], clone[1] is tangled[1], copy.copy(tangled)[1] is tangled[1])
pprint.pprint({"numbers": list(range(30)), "words": ["alpha" * 5, "beta" * 6, "gamma" * 7], "nested": {"z": 1, "a": {"deep": [1, 2, (3,)]}}}, width=60)
pprint.pprint(Point(1, 2)), pprint.pprint(clone[:3], depth=2)

heading("traceback, inspect")


def outer(a, /, b: int = 2, *args, c, **kwargs) -> None:
    """Do nothing.

    Really.
    """
    raise RuntimeError("deep") from ValueError("cause")


try:
    outer(1, c=2)
except RuntimeError as error:
    for line in traceback.format_exception(error):
        print(re.sub(r'File ".*?"', 'File "..."', line), end="")
    print([frame.name for frame in traceback.extract_tb(error.__traceback__)])
print(inspect.signature(outer), inspect.getdoc(outer), inspect.getfullargspec(outer), sep="\n")
print(inspect.getsource(fail), inspect.iscoroutinefunction(fail), inspect.signature(outer).bind(1, c=3), [n for n, _ in inspect.getmembers(Color, inspect.ismethod)])

heading("heapq, random, statistics")
heap = [5, 1, 8, 3]
heapq.heapify(heap)
print(heapq.heappushpop(heap, 4), heapq.nsmallest(2, heap), list(heapq.merge([1, 4], [2, 3])), heapq.nlargest(2, ["aa", "b", "cccc"], key=len))
random.seed(12345)
print(random.random(), random.randint(1, 100), random.choice("abcdef"), random.sample(range(100), 5), round(random.gauss(0, 1), 12))
shuffled = list(range(10))
random.shuffle(shuffled)
print(shuffled, random.choices("xyz", [1, 2, 3], k=5), random.getrandbits(70), round(random.betavariate(2, 3), 12), random.randbytes(4))
random.seed("text")
print(random.uniform(1, 2), random.triangular(), random.Random(7).expovariate(1.5))
print(statistics.mean([1, 2, 3.5]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3, 4]), statistics.quantiles(range(10)), statistics.mode("aab"))
print(statistics.linear_regression([1, 2, 3], [2, 4, 7]), statistics.NormalDist(100, 15).cdf(110), statistics.fmean([1, 2]), statistics.correlation([1, 2, 3], [1, 2, 4]))

heading("fractions, decimal")
print(fractions.Fraction(3, 4) + fractions.Fraction("0.125"), fractions.Fraction(1.1).limit_denominator(100), fractions.Fraction(22, 7).__round__(2), f"{fractions.Fraction(1, 3):.5f}")
with decimal.localcontext() as context:
    context.prec = 40
    print(decimal.Decimal(2).sqrt(), decimal.Decimal("1") / 7, decimal.Decimal("1e-5").normalize(), decimal.Decimal("3.14159").quantize(decimal.Decimal("0.01")))
    print(decimal.Decimal("-0").copy_abs(), decimal.Decimal("Infinity") > 10**100, decimal.Decimal("1.10") == decimal.Decimal("1.1"), decimal.Decimal(1).exp(), f"{decimal.Decimal('1234567.891'):,.2f}")
for bad in (lambda: decimal.Decimal(1) / 0, lambda: decimal.Decimal("x"), lambda: fractions.Fraction(1, 0)):
    try:
        bad()
    except (ArithmeticError, ValueError) as error:
        print(type(error).__name__)

heading("csv")
out = io.StringIO()
writer = csv.DictWriter(out, ["name", "note"], quoting=csv.QUOTE_MINIMAL)
writer.writeheader()
writer.writerows([{"name": "a,b", "note": 'say "hi"'}, {"name": "multi\nline", "note": ""}])
print(out.getvalue())
print(list(csv.DictReader(io.StringIO(out.getvalue()))), list(csv.reader(["1;2;'3;4'"], delimiter=";", quotechar="'")))
print(csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n").delimiter)
