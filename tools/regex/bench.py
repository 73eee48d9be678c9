"""Write the benchmark table for `cargo run --profile quick -p bredli-regex --example bench -- FILE`.

    python3.14 tools/regex/bench.py FILE

Each line holds a name, the number of groups, the code array, the subject in hexadecimal, the number of matches and
the seconds that CPython needs to find them all.
"""

import random
import re
import sys
import time

from table import code_of

rng = random.Random(1)
WORDS = "time person year way day thing man world life hand part child eye woman place work week case point".split()
ASCII = " ".join(rng.choice(WORDS) for _ in range(100_000))
MIXED = " ".join(rng.choice(WORDS + ["größe", "élan", "мир", "日本", "naïve", "😀"]) for _ in range(100_000))


def sprinkle(text, items, every=50):
    words = text.split(" ")
    for index in range(0, len(words), every):
        words[index] = rng.choice(items)
    return " ".join(words)


MAILS = ["ann.lee@example.org", "bob+x@mail.co.uk"]
URLS = ["http://example.org/a/b?c=d", "https://x.y.z/path/to"]
IPS = ["127.0.0.1", "192.168.10.255"]
DATES = ["2024-02-29", "1999-12-31"]
BENCHES = [
    ("email", r"[\w.+-]+@[\w-]+\.[\w.-]+", sprinkle(ASCII, MAILS)),
    ("url", r"[\w]+://[^/\s?#]+[^\s?#]+(?:\?[^\s#]*)?(?:#[^\s]*)?", sprinkle(ASCII, URLS)),
    ("ip", r"(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9])", sprinkle(ASCII, IPS)),
    ("date", r"(\d{4})-(\d\d)-(\d\d)", sprinkle(ASCII, DATES)),
    ("date, mixed text", r"(\d{4})-(\d\d)-(\d\d)", sprinkle(MIXED, DATES)),
    ("words", r"\w+", ASCII),
    ("words, mixed text", r"\w+", MIXED),
    ("(a|b)*c", r"(a|b)*c", "ab" * 50_000 + "c" + "ab" * 10 + "d"),
    ("nested groups", r"((\w)(\w+)\s)+?person", ASCII[:100_000]),
    ("literal", "child woman", ASCII),
    ("alternatives", "(?:world|hand|woman|case) (?:place|work)", ASCII),
    ("ignoring case", "(?i)WOMAN PLACE", ASCII),
    ("lazy", r"time.*?place", ASCII),
    ("dot star", r"(?m)^.*person.*$", ASCII.replace("week", "week\n")),
    ("repeated word", r"\b(\w+) \1\b", ASCII),
    ("string literals", r"'(?:[^'\\]|\\.)*'", ASCII.replace("man", "'m\\'an'")),
    ("tokens", r"\s*(?:(\d+)|([a-z_]\w*)|(.))", ASCII[:200_000]),
    ("cyrillic", "[а-я]+", MIXED),
]


def main(path):
    with open(path, "w") as out:
        for name, pattern, subject in BENCHES:
            compiled = re.compile(pattern)
            best = float("inf")
            for _ in range(3):
                start = time.perf_counter()
                count = sum(1 for _ in compiled.finditer(subject))
                best = min(best, time.perf_counter() - start)
            groups, code = code_of(pattern, 0)
            words = " ".join(f"{word:x}" for word in code)
            out.write(f"{name}\t{groups}\t{words}\t{subject.encode().hex()}\t{count}\t{best}\n")


if __name__ == "__main__":
    main(sys.argv[1])
