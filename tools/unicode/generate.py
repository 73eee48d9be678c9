"""Write the Unicode tables of `crates/text/src/unicode/data` from the running interpreter's own tables.

Run it with CPython 3.14, whose Unicode database (16.0.0) Bredli reproduces:

    python3.14 tools/unicode/generate.py crates/text/src/unicode/data

Every file is little-endian binary; the reader next to it documents the layout.
"""

import os
import struct
import sys
import unicodedata as ud

MAX = 0x110000
SHIFT = 7
FLAGS = ("ALPHA DECIMAL DIGIT NUMERIC SPACE LINEBREAK UPPER LOWER TITLE PRINTABLE "
         "XID_START XID_CONTINUE CASE_IGNORABLE MIRRORED").split()
CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So").split()
BIDI = ["", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S",
        "WS", "ON", "LRI", "RLI", "FSI", "PDI"]
WIDTHS = ["F", "H", "W", "Na", "A", "N"]
FORMS = ["NFD", "NFKD", "NFC", "NFKC"]


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
        if text and not text.startswith("<"):
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
    print(f"{'total':20} {total:8}")


if __name__ == "__main__":
    main(sys.argv[1])
