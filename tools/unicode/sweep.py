"""Checksums of every Unicode property over all code points, and samples of what needs more than one character.

    python3.14 tools/unicode/sweep.py crates/text/tests/data/unicode.tsv

`crates/text/tests/unicode.rs` computes the same from our tables. With a property's name as second argument the values
themselves are written, to find where a checksum differs.
"""

import _sre
import random
import struct
import sys
import unicodedata as ud
import zlib

OLD = ud.ucd_3_2_0


def codes(text):
    return " ".join(f"{ord(c):x}" for c in text)


def number(value):
    return "-" if value is None else f"{value}"


def real(value):
    return "-" if value is None else struct.pack(">d", value).hex()


def flags(c):
    return "".join("01"[bool(bit)] for bit in (
        c.isalpha(), c.isalnum(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isspace(), c.isupper(), c.islower(), c.istitle(),
        c.isprintable(), c.isidentifier(), ("a" + c).isidentifier(), ud.mirrored(c), len(("a" + c + "b").splitlines()) > 1))


PROPERTIES = {
    "flags": flags,
    "lower": lambda c: codes(c.lower()),
    "upper": lambda c: codes(c.upper()),
    "title": lambda c: codes(c.title()),
    "casefold": lambda c: codes(c.casefold()),
    "to_lower": lambda c: f"{_sre.unicode_tolower(ord(c)):x}",
    "iscased": lambda c: "01"[_sre.unicode_iscased(ord(c))],
}
for prefix, database in ("", ud), ("old.", OLD):
    PROPERTIES.update({
        f"{prefix}category": database.category,
        f"{prefix}bidirectional": database.bidirectional,
        f"{prefix}combining": lambda c, d=database: f"{d.combining(c)}",
        f"{prefix}east_asian_width": database.east_asian_width,
        f"{prefix}mirrored": lambda c, d=database: "01"[d.mirrored(c)],
        f"{prefix}decimal": lambda c, d=database: number(d.decimal(c, None)),
        f"{prefix}digit": lambda c, d=database: number(d.digit(c, None)),
        f"{prefix}numeric": lambda c, d=database: real(d.numeric(c, None)),
        f"{prefix}decomposition": database.decomposition,
        f"{prefix}name": lambda c, d=database: d.name(c, "-"),
        f"{prefix}NFD": lambda c, d=database: codes(d.normalize("NFD", c)),
        f"{prefix}NFKD": lambda c, d=database: codes(d.normalize("NFKD", c)),
        f"{prefix}NFC": lambda c, d=database: codes(d.normalize("NFC", c)),
        f"{prefix}NFKC": lambda c, d=database: codes(d.normalize("NFKC", c)),
    })


def lines(property):
    return "".join(property(chr(code)) + "\n" for code in range(0x110000)).encode()


def main(path, only=None):
    if only:
        with open(path, "wb") as out:
            out.write(lines(PROPERTIES[only]))
        return
    out = [f"crc\t{name}\t{zlib.crc32(lines(property)):08x}" for name, property in PROPERTIES.items()]
    rng = random.Random(7)
    changing = [chr(c) for c in range(0x110000) if ud.combining(chr(c)) or ud.decomposition(chr(c)) or 0x1100 <= c < 0x1200]
    joining = [c for c in changing if any(ud.normalize("NFC", b + c) != b + c for b in "aeiouAO\u1100\u1161\uac00\u05d0")]
    for _ in range(400):
        text = "".join(rng.choice([rng.choice(changing), rng.choice(joining), rng.choice("aeiouAO\uac00\u09c7")])
                       for _ in range(rng.randint(2, 7)))
        forms = (codes(ud.normalize(form, text)) for form in ("NFD", "NFKD", "NFC", "NFKC"))
        out.append("\t".join(["normalize", codes(text), *forms]))
    sigma = ["ΑΣ", "Σ", "ΑΣΑ", "Α.Σ", "Α.Σ.", "ΑΣ.Α", "\u0301Σ", "Α\u0301Σ\u0301", "ΑΣ Α", "Α Σ", "aΣ1", "Σa", "ΑΣΣ"]
    out.extend(f"sigma\t{codes(text)}\t{codes(text.lower())}" for text in sigma)
    names = ["latin small letter a", "LATIN  SMALL LETTER A", "HANGUL SYLLABLE GA", "hangul syllable hih", "HANGUL SYLLABLE ", "SPACE",
             "CJK UNIFIED IDEOGRAPH-4e00", "CJK UNIFIED IDEOGRAPH-04E00", "TANGUT IDEOGRAPH-17000", "NUSHU CHARACTER-1B170", "", "LINE FEED",
             "NULL", "BEL", "ALERT", "ESC", "LATIN SMALL LETTER GHA", "KEYCAP DIGIT ONE", "LATIN SMALL LETTER E WITH VERTICAL LINE BELOW AND ACUTE",
             "BYZANTINE MUSICAL SYMBOL FTHORA SKLIRON CHROMA VASIS", "NO SUCH NAME", "SNOWMAN\0", "\u017fPACE", "VARIATION SELECTOR-17",
             "HANGUL SYLLABLE GGWEOLS", "HANGUL SYLLABLE GAX", "CJK UNIFIED IDEOGRAPH-+4E00", "MODIFIER LETTER EXTRA-LOW EXTRA-HIGH CONTOUR TONE BAR"]
    for name in names:
        try:
            found = codes(ud.lookup(name))
        except KeyError:
            found = "-"
        out.append(f"lookup\t{codes(name)}\t{found}")
    with open(path, "w") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
