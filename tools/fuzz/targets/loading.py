"""What reads data: pickle, json, struct and the codecs, on data with random changes. (CPython's marshal trusts its data.)"""

import codecs
import io
import json
import pickle
import struct

import _values

# Codecs of the standard library that decode bytes to text or bytes.
CODECS = """
utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be ascii latin-1 cp1252 cp437 cp037 koi8-r charmap unicode-escape raw-unicode-escape
punycode idna hex base64 quopri uu zlib rot13 iso8859-15 mac-roman
""".split()
HANDLERS = "strict strict ignore replace backslashreplace surrogateescape surrogatepass xmlcharrefreplace nonesuch".split()
# Encoded text to begin with, besides random octets.
ENCODED = [
    text.encode(codec)
    for text in ("aé•😀 \x00\x7f", "a+b-c~\\u00e9\\x", "ab-~ü")
    for codec in ("utf-8", "utf-16", "utf-32-be", "unicode-escape", "punycode")
]
LETTERS = "xcbB?hHiIlLqQnNefdspPFD"
SAFE = {("builtins", name) for name in "set frozenset bytearray complex range slice list dict tuple int str object".split()} | {
    ("collections", "OrderedDict")
}


class Reader(pickle.Unpickler):
    """Loads nothing that could do something."""

    def find_class(self, module, name):
        if (module, name) not in SAFE:
            raise pickle.UnpicklingError(f"{module}.{name} is not to be had")
        return super().find_class(module, name)

    def persistent_load(self, number):
        return ("persistent", number)


def changed(random, data):
    data = bytearray(data)
    for _ in range(random.choice([0, 1, 1, 2, 4])):
        at = random.randrange(len(data) + 1)
        match random.randrange(4):
            case 0:
                del data[at : at + random.randrange(1, 4)]
            case 1:
                data[at:at] = bytes(random.choices(range(256), k=random.randrange(1, 3)))
            case 2 if at < len(data):
                data[at] = random.randrange(256)
            case _:
                other = random.randrange(len(data) + 1)
                data[at:at] = data[other : other + random.randrange(1, 5)]
    return bytes(data)


def value(random):
    """A value for pickling: without sets of several, and equal tuples, which may be the same."""
    make = random.choice(
        [_values.a_list, _values.a_dict, _values.a_tuple, _values.integer, _values.complexes, _values.text, _values.octets, lambda _: "{5}"]
    )
    return eval(make(random).replace("(1, 2)", "[1, 2]"))


def reading_pickle(random):
    # Not protocols with numbers as text, which CPython reads up to a zero byte, nor those with frames.
    data = changed(random, pickle.dumps(value(random), random.choice([2, 3])))
    # Nor large numbers of places in a memo and of bytes, for which CPython allocates first.
    return data.translate(bytes.maketrans(b"rpL\x8d\x8e\x96", b"q0Kqqq")), lambda data: Reader(io.BytesIO(data)).load()


def reading_json(random):
    made = json.dumps(
        [1, -2.5e10, "aé\ud800\n\\", {"a": None, "b": [True, False, {}], "": 10**20}, float("nan"), float("-inf")][: random.randrange(7)]
    )
    data = changed(random, made.encode())
    return (data if random.random() < 0.3 else data.decode("latin-1")), json.loads


def reading_struct(random):
    form = random.choice(["", "<", ">", "=", "!", "@"]) + "".join(
        random.choice(["", "", " ", str(random.randrange(5))]) + random.choice(LETTERS) for _ in range(random.randrange(4))
    )
    try:
        size = struct.calcsize(form)
    except struct.error:
        size = 0
    return (form, random.randbytes(max(size + random.choice([0, 0, 0, 0, 1, -1]), 0))), lambda given: struct.unpack(*given)


def reading_codec(random):
    data = changed(random, random.choice([random.choice(ENCODED), eval(_values.octets(random))]))
    return (data, random.choice(CODECS), random.choice(HANDLERS)), lambda given: codecs.decode(*given)


def writing_codec(random):
    text, codec, errors = eval(_values.text(random)) * random.choice([1, 1, 3]), random.choice(CODECS), random.choice(HANDLERS)
    if errors == "surrogateescape" and not codec.startswith(("utf", "ascii", "latin")):
        errors = "replace"  # CPython says differently which characters could not be escaped.
    return (text, codec, errors), lambda given: codecs.encode(*given)


def reading_in_parts(random):
    data, codec, errors = reading_codec(random)[0]

    def parts(given):
        decoder = codecs.getincrementaldecoder(codec)(errors)
        return [decoder.decode(given[at : at + 2]) for at in range(0, len(given), 2)] + [decoder.decode(b"", True)]

    return data, parts


def case(random):
    given, load = random.choice([reading_pickle, reading_json, reading_struct, reading_codec, reading_codec, writing_codec, reading_in_parts])(random)
    try:
        shown = _values.described(load(given))
    except Exception as error:
        shown = _values.failed(error)
    return ascii((load.__qualname__, given)), ascii(shown)
