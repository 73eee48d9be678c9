# _csv: dialects and their errors, reading and writing with every way of quoting.
import csv
import io


def attempt(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


def delimiter(**options):
    return csv.reader([], **options).dialect.delimiter


for options in (
    {"delimiter": ""},
    {"delimiter": "ab"},
    {"delimiter": None},
    {"delimiter": 4},
    {"delimiter": "\n"},
    {"delimiter": '"'},
    {"quotechar": "ab"},
    {"quotechar": 3},
    {"quotechar": None},
    {"quotechar": None, "quoting": 0},
    {"quotechar": " ", "skipinitialspace": True},
    {"escapechar": ","},
    {"lineterminator": None},
    {"lineterminator": ",x"},
    {"quoting": "a"},
    {"quoting": 9},
    {"quoting": 2**70},
    {"delimiter": "\N{SNOWMAN}"},
):
    print(options, end=": ")
    attempt(delimiter, **options)

attempt(csv.reader)
attempt(csv.reader, 5)
attempt(csv.writer, 5)
attempt(csv.writer, io.StringIO(), "nope")
attempt(csv.get_dialect, "nope")
attempt(csv.register_dialect, 5)
attempt(csv.unregister_dialect, "nope")
attempt(csv.field_size_limit, "a")
attempt(csv.field_size_limit, 2**70)
csv.register_dialect("semicolons", "excel", delimiter=";")
print(csv.list_dialects(), csv.get_dialect("semicolons").delimiter, list(csv.reader(["a;b"], "semicolons")))
csv.unregister_dialect("semicolons")


def read(lines, **options):
    return list(csv.reader(lines, **options))


for quoting in range(6):
    for line in ('a,1,"2",,""', "\\1,2", ",", '""', '1.5,"x" y', ' 1, "2"'):
        attempt(read, [line], quoting=quoting, escapechar="\\")
        attempt(read, [line], quoting=quoting, escapechar="\\", skipinitialspace=True)
attempt(read, ['"a\n', 'b",c\n', "\n", "d\r\n"])
attempt(read, [b"a"])
attempt(read, ["a\rb"])
attempt(read, ['"a'])
attempt(read, ['"a'], strict=True)
attempt(read, ['"a"b'], strict=True)
attempt(read, ["a\\"], escapechar="\\")
before = csv.field_size_limit(3)
attempt(read, ["abc,abcd"])
csv.field_size_limit(before)


def write(row, **options):
    file = io.StringIO()
    csv.writer(file, **options).writerow(row)
    return file.getvalue()


for quoting in range(6):
    for row in ([""], [None], [], [1, "a", None, 2.5, 1j], [" a", "b "], ['a"b'], ["\\"], ["", None], ["a\rb", "\N{SNOWMAN}"]):
        for options in (
            {},
            {"escapechar": "\\", "doublequote": False},
            {"delimiter": " ", "skipinitialspace": True},
            {"lineterminator": "b!"},
        ):
            print(quoting, row, end=" ")
            attempt(lambda: repr(write(row, quoting=quoting, **options)))
attempt(write, 5)
attempt(csv.writer(io.StringIO()).writerows, [5])

file = io.StringIO()
writer = csv.DictWriter(file, ["name", "size"])
writer.writeheader()
writer.writerows([{"name": "a,b", "size": 1}, {"name": 'say "x"', "size": None}])
print(file.getvalue())
file.seek(0)
reader = csv.DictReader(file)
print(list(reader), reader.line_num)
print(csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter)


class Reentrant:
    """Reads from its own reader, once."""

    def __init__(self):
        self.lines = iter(["a,b", "x"])
        self.entered = False

    def __iter__(self):
        return self

    def __next__(self):
        if not self.entered:
            self.entered = True
            next(self.reader)
        return next(self.lines)


lines = Reentrant()
lines.reader = csv.reader(lines)
attempt(next, lines.reader)
