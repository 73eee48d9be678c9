"""Write the Unicode tables of `crates/text/src/unicode/data` from the running interpreter's own tables.

Run it with CPython 3.14, whose Unicode database (16.0.0) Bredli reproduces:

    python3.14 tools/unicode/generate.py crates/text/src/unicode/data

Every file is little-endian binary; the reader next to it documents the layout.
"""

import collections
import ctypes
import os
import struct
import sys
import unicodedata as ud

OLD = ud.ucd_3_2_0
MAX = 0x110000
SHIFT = 7
FLAGS = ("ALPHA DECIMAL DIGIT NUMERIC SPACE LINEBREAK UPPER LOWER TITLE PRINTABLE "
         "XID_START XID_CONTINUE CASE_IGNORABLE MIRRORED").split()
CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So").split()
BIDI = ["", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S",
        "WS", "ON", "LRI", "RLI", "FSI", "PDI"]
WIDTHS = ["F", "H", "W", "Na", "A", "N"]
FORMS = ["NFD", "NFKD", "NFC", "NFKC"]
TAGS = ("- font noBreak initial medial final isolated circle super sub vertical wide narrow small square fraction "
        "compat").split()
HANGUL = range(0xAC00, 0xD7A4)
NAME_BLOCK = 16
SHORT_WORDS = 160


def split_trie(values):
    """Two-stage table of `values`: (index of blocks, blocks)."""
    size = 1 << SHIFT
    seen, index, blocks = {}, [], []
    for start in range(0, len(values), size):
        block = tuple(values[start:start + size])
        if block not in seen:
            seen[block] = len(seen)
            blocks.extend(block)
        index.append(seen[block])
    return index, blocks


def u16(values):
    return struct.pack(f"<{len(values)}H", *values)


def u32(values):
    return struct.pack(f"<{len(values)}I", *values)


def case_ignorable(c):
    return ("A" + c + "\u03a3").lower().endswith("\u03c2") and (c + "\u03a3").lower().endswith("\u03c3")


def flags_of(c):
    tests = [c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isspace(),
             len(("a" + c + "b").splitlines()) > 1, c.isupper() and ud.category(c) != "Lt", c.islower(),
             ud.category(c) == "Lt", c.isprintable(), c.isidentifier(), ("a" + c).isidentifier(),
             case_ignorable(c), bool(ud.mirrored(c))]
    assert len(tests) == len(FLAGS)
    return sum(bit << n for n, bit in enumerate(tests))


def normal_bits(code, seconds):
    """One bit for each form in which the character may change or may join the one before it."""
    c = chr(code)
    bits = 0
    for n, form in enumerate(FORMS):
        if ud.normalize(form, c) != c or (n >= 2 and code in seconds):
            bits |= 1 << n
    return bits


class Mappings:
    """Case mappings: a signed distance, or (length << 24 | offset) into the list of special mappings."""

    def __init__(self):
        self.special = []
        self.records = {}

    def encode(self, code, text):
        if len(text) == 1:
            return (ord(text) - code) & 0xFFFFFF
        offset = len(self.special)
        self.special.extend(map(ord, text))
        return len(text) << 24 | offset

    def record(self, code):
        c = chr(code)
        texts = c.lower(), c.upper(), c.title(), c.casefold()
        key = tuple(t if len(t) > 1 else ord(t) - code for t in texts)
        if key not in self.records:
            self.records[key] = tuple(self.encode(code, t) for t in texts)
        return list(self.records).index(key)


def composition_pairs():
    """(first, second, composed) for every canonical composition outside Hangul."""
    pairs = []
    for code in range(MAX):
        text = ud.decomposition(chr(code))
        if text and not text.startswith("<") and code not in HANGUL:
            parts = [int(part, 16) for part in text.split()]
            if len(parts) == 2 and ud.normalize("NFC", "".join(map(chr, parts))) == chr(code):
                pairs.append((parts[0], parts[1], code))
    return sorted(pairs)


def write_properties(write, pairs):
    seconds = {second for _, second, _ in pairs}
    seconds.update(range(0x1161, 0x1176), range(0x11A8, 0x11C3))
    cases, records, values = Mappings(), {}, []
    for code in range(MAX):
        c = chr(code)
        record = struct.pack("<BBBBHBxH", CATEGORIES.index(ud.category(c)), BIDI.index(ud.bidirectional(c)),
                             ud.combining(c), WIDTHS.index(ud.east_asian_width(c)), flags_of(c),
                             normal_bits(code, seconds), cases.record(code))
        values.append(records.setdefault(record, len(records)))
    index, blocks = split_trie(values)
    write("index.bin", u16(index))
    write("blocks.bin", u16(blocks))
    write("records.bin", b"".join(records))
    write("cases.bin", b"".join(u32(record) for record in cases.records.values()))
    write("case_special.bin", u32(cases.special))


def write_numbers(write):
    """`code << 8 | index of the value`; whether a character is a decimal or a digit is in its flags."""
    entries, values = [], {}
    for code in range(MAX):
        c = chr(code)
        value = ud.numeric(c, None)
        if value is not None:
            assert ud.decimal(c, value) == value and ud.digit(c, value) == value
            entries.append(code << 8 | values.setdefault(value, len(values)))
    write("numbers.bin", u32(entries))
    old = b""
    for code in range(MAX):
        c = chr(code)
        before = OLD.numeric(c, None), OLD.decimal(c, None)
        if OLD.category(c) != "Cn" and before != (ud.numeric(c, None), ud.decimal(c, None)):
            index = 255 if before[0] is None else values.setdefault(before[0], len(values))
            old += struct.pack("<IBBH", code, index, before[1] is not None, 0)
    write("old_numbers.bin", old)
    write("values.bin", struct.pack(f"<{len(values)}d", *values))


def write_decompositions(write, pairs):
    """`code | tag << 21`, offsets of the parts, parts; composition triples."""
    codes, offsets, parts = [], [0], []
    for code in range(MAX):
        text = ud.decomposition(chr(code))
        if not text or code in HANGUL:
            continue
        fields = text.split()
        tag = 0
        if fields[0].startswith("<"):
            tag = TAGS.index(fields.pop(0).strip("<>"))
        codes.append(code | tag << 21)
        parts.extend(int(field, 16) for field in fields)
        offsets.append(len(parts))
    write("decomposition_codes.bin", u32(codes))
    write("decomposition_offsets.bin", u16(offsets))
    write("decomposition_parts.bin", u32(parts))
    write("compositions.bin", u32([word for pair in pairs for word in pair]))


def write_old(write):
    """Unicode 3.2: runs of characters with the same properties, as start, category, direction, class, width | mirrored << 7."""
    runs, last = b"", None
    for code in range(MAX):
        c = chr(code)
        record = struct.pack("<BBBB", CATEGORIES.index(OLD.category(c)), BIDI.index(OLD.bidirectional(c)), OLD.combining(c),
                             WIDTHS.index(OLD.east_asian_width(c)) | OLD.mirrored(c) << 7)
        if record != last:
            runs += struct.pack("<I", code) + record
            last = record
    write("old_runs.bin", runs)
    corrected = [code for code in range(MAX)
                 if OLD.category(chr(code)) != "Cn" and OLD.normalize("NFD", chr(code)) != ud.normalize("NFD", chr(code))]
    write("old_corrections.bin", u32([word for code in corrected for word in (code, ord(OLD.normalize("NFD", chr(code))))]))


def private_names():
    """The names of aliases and sequences, which the interpreter keeps under private codes."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = pointer(ud._ucnhash_CAPI, b"unicodedata._ucnhash_CAPI")
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)
    getname = kind(ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[0])
    buffer = ctypes.create_string_buffer(512)
    for code in range(0xF0000, 0xF2000):
        if getname(code, buffer, 512, 1):
            yield buffer.value.decode()


def name_hash(name):
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value ^ value >> 15


def write_names(write):
    named, prefixed = [], {}
    for code in range(MAX):
        name = ud.name(chr(code), "")
        digits = f"-{code:04X}"
        if name.endswith(digits):
            prefixed.setdefault(name[:-len(digits) + 1], []).append(code)
        elif name and code not in HANGUL:
            named.append((code, name))
    hidden = {}
    for prefix in "TANGUT IDEOGRAPH-", :
        for code in range(0x17000, 0x19000):
            try:
                if ord(ud.lookup(f"{prefix}{code:04X}")) == code and prefix not in ud.name(chr(code), ""):
                    hidden.setdefault(prefix, []).append(code)
            except KeyError:
                pass
    rules = []
    for show, table in (1, prefixed), (0, hidden):
        for prefix, codes in table.items():
            start = codes[0]
            for code, after in zip(codes, codes[1:] + [None]):
                if after != code + 1:
                    rules.append((start, code, show, prefix))
                    start = after
    write("name_rules.bin", b"".join(
        struct.pack("<IIBB", first, last, show, len(prefix)) + prefix.encode() for first, last, show, prefix in sorted(rules)))

    extras = [(name, ud.lookup(name)) for name in private_names()]
    entries = [name for _, name in named] + [name for name, _ in extras]
    words = collections.Counter(word for name in entries for word in name.split(" "))
    ranked = sorted(words, key=lambda word: (-words[word], word))
    number = {word: rank for rank, word in enumerate(ranked)}
    assert len(ranked) < SHORT_WORDS + (256 - SHORT_WORDS) * 256
    offsets = [0]
    for word in ranked:
        offsets.append(offsets[-1] + len(word))
    write("word_offsets.bin", u32(offsets))
    write("words.bin", "".join(ranked).encode())

    def encode(name):
        out = bytearray()
        for word in name.split(" "):
            rank = number[word]
            if rank < SHORT_WORDS:
                out.append(rank)
            else:
                rank -= SHORT_WORDS
                out += bytes((SHORT_WORDS + (rank >> 8), rank & 255))
        return bytes([len(out)]) + out

    data, blocks = bytearray(), []
    for index, name in enumerate(entries):
        if index % NAME_BLOCK == 0:
            blocks.append(len(data))
        data += encode(name)
    write("names.bin", data)
    write("name_blocks.bin", u32(blocks))

    runs = []
    for index, (code, _) in enumerate(named):
        if not runs or code - index != runs[-1][0] - runs[-1][1]:
            runs.append((code, index))
    runs.append((MAX, len(named)))
    write("name_runs.bin", u32([word for run in runs for word in run]))
    write("name_extras.bin", u32([word for _, text in extras for word in (list(map(ord, text)) + [0] * 4)[:4]]))
    assert all(len(text) <= 4 for _, text in extras), max(len(text) for _, text in extras)

    slots = [0xFFFF] * 65536
    for index, name in enumerate(entries):
        slot = name_hash(name) & 0xFFFF
        while slots[slot] != 0xFFFF:
            slot = slot + 1 & 0xFFFF
        slots[slot] = index
    write("name_slots.bin", u16(slots))
    print(len(named), "names,", len(extras), "aliases and sequences")


def main(folder):
    assert ud.unidata_version == "16.0.0", ud.unidata_version
    os.makedirs(folder, exist_ok=True)
    total = 0

    def write(name, data):
        nonlocal total
        total += len(data)
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)
        print(f"{name:20} {len(data):8}")

    pairs = composition_pairs()
    write_properties(write, pairs)
    write_numbers(write)
    write_decompositions(write, pairs)
    write_old(write)
    write_names(write)
    print(f"{'total':20} {total:8}")


if __name__ == "__main__":
    main(sys.argv[1])
