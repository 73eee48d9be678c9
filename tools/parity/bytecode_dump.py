#!/usr/bin/env python3
"""Dump normalized code objects of every .py file, to compare compilers.

Run it UNDER the interpreter whose compiler is to be looked at:

    python3.14 bytecode_dump.py SRC [SRC ...] -o dump.jsonl.gz [--digest] [-O LEVEL]
                                [--exclude GLOB ...] [--only GLOB ...]

SRC is a directory (searched recursively) or a .py file.  One JSON object per
line: first {"bytecode_dump": 1, ...}, then one per file:

    {"file": "json/decoder.py", "src": sha1-of-source,
     "error": null | [type, message, lineno, offset, end_lineno, end_offset],
     "warnings": [[category, message, lineno], ...],
     "codes": [CODE, ...]}          depth first, the module first

CODE (full dump):
    qualname name firstlineno
    argcount posonly kwonly flags stacksize
    names varnames freevars cellvars
    consts   type-tagged text, e.g. "int 1", "float -0.0", "(int 1, str 'a')",
             "code NAME"; frozensets sorted
    instrs   [opname, arg, text]    no CACHE and EXTENDED_ARG entries; arg is null
             for an opcode without one; a jump's arg is the index (in this list) of
             its target; text resolves constants and names
    exctab   [start, end, target, depth, lasti]   as indices in instrs
    lines    one line number (or null) per instruction
    positions  [line, end_line, col, end_col] per instruction
    raw      sha1[:12] of co_code, co_exceptiontable, co_linetable bytes
    d        {level: digest} (see LEVELS); the only thing besides the names
             that is written with --digest

Another implementation (say a stand-alone compiler) may write the same file in
any way it likes: the comparer only uses the fields above, and computes "d"
itself where it is missing.
"""
import sys
import os

LEVELS = ("qualname", "meta", "flags", "stacksize", "vars", "names", "consts", "opnames",
          "instructions", "instructions_raw", "exctable", "lines", "positions",
          "raw_code", "raw_exctable", "raw_linetable")


def const_text(c, qual=None):
    t = type(c)
    if hasattr(c, "co_code") or t.__name__ == "code":
        return "code " + c.co_name
    if t is tuple:
        return "(" + ", ".join([const_text(x) for x in c]) + ("," if len(c) == 1 else "") + ")"
    if t is frozenset:
        return "frozenset{" + ", ".join(sorted([const_text(x) for x in c])) + "}"
    if t is slice:
        return "slice(" + ", ".join([const_text(x) for x in (c.start, c.stop, c.step)]) + ")"
    if t is int and (c > 10 ** 40 or c < -10 ** 40):
        return "int " + hex(c)
    if t is complex:
        return "complex %r %r" % (c.real, c.imag)
    if c is None or c is Ellipsis or t is bool:
        return repr(c)
    return t.__name__ + " " + ascii(c)


def varint(data, i):
    b = data[i]
    i += 1
    v = b & 63
    while b & 64:
        v <<= 6
        b = data[i]
        i += 1
        v |= b & 63
    return v, i


def exception_table(data):
    out, i = [], 0
    while i < len(data):
        start, i = varint(data, i)
        length, i = varint(data, i)
        target, i = varint(data, i)
        dl, i = varint(data, i)
        out.append((start, start + length, target, dl >> 1, bool(dl & 1)))
    return out              # in code units


class Tables:
    """Opcode facts of the running interpreter (from its own opcode module), or of
    a JSON file with the same facts (opcodes-3.14.json)."""

    def __init__(self, path=None):
        self.live = path is None
        if path:
            import json
            with open(path) as f:
                d = json.load(f)
            self.opname = d["opname"]
            for k in ("hasarg", "hasconst", "hasname", "haslocal", "hasfree", "hasjump", "backward"):
                setattr(self, k, set(d[k]))
            self.nb = d["nb"]
            self.special = d["special"]
            self.const_like = d["const_like"]
            return
        import opcode
        names = list(opcode.opname)
        self.opname = names
        have = getattr(opcode, "HAVE_ARGUMENT", 0)
        ha = getattr(opcode, "hasarg", None)
        self.hasarg = set(ha) if ha else set(range(have, len(names)))
        self.hasconst = set(opcode.hasconst)
        self.hasname = set(opcode.hasname)
        self.haslocal = set(opcode.haslocal)
        self.hasfree = set(opcode.hasfree)
        self.hasjump = set(getattr(opcode, "hasjrel", ())) | set(getattr(opcode, "hasjabs", ())) \
            | set(getattr(opcode, "hasjump", ()))
        self.backward = {i for i, n in enumerate(names) if "BACKWARD" in n}
        self.nb = [list(x) for x in getattr(opcode, "_nb_ops", [])]
        self.special = list(getattr(opcode, "_special_method_names", []))
        try:
            from _opcode import get_intrinsic1_descs, get_intrinsic2_descs
            self.const_like = {"CALL_INTRINSIC_1": list(get_intrinsic1_descs()),
                               "CALL_INTRINSIC_2": list(get_intrinsic2_descs())}
        except ImportError:
            self.const_like = {}
        cc = getattr(opcode, "_common_constants", None)
        if cc:
            self.const_like["LOAD_COMMON_CONSTANT"] = [getattr(c, "__name__", repr(c)) for c in cc]

    def dump(self):
        return {"opname": self.opname, "nb": self.nb, "special": self.special,
                "const_like": self.const_like,
                **{k: sorted(getattr(self, k)) for k in
                   ("hasarg", "hasconst", "hasname", "haslocal", "hasfree", "hasjump", "backward")}}


def resolve(T, op, name, arg, co, localsplus):
    """Text for an argument, independent of table order."""
    try:
        if op in T.hasconst:
            return const_text(co.co_consts[arg])
        if op in T.hasname:
            i, low = arg, ""
            if name == "LOAD_GLOBAL":
                i, low = arg >> 1, " +NULL" if arg & 1 else ""
            elif name == "LOAD_ATTR":
                i, low = arg >> 1, " +method" if arg & 1 else ""
            elif name == "IMPORT_NAME" and sys.version_info >= (3, 15) and T.live:
                i, low = arg >> 2, " lazy%d" % (arg & 3) if arg & 3 else ""
            elif name == "LOAD_SUPER_ATTR":
                i, low = arg >> 2, " &%d" % (arg & 3)
            return co.co_names[i] + low
        if name in ("LOAD_FAST_LOAD_FAST", "STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST",
                    "LOAD_FAST_BORROW_LOAD_FAST_BORROW"):
            return localsplus[arg >> 4] + ", " + localsplus[arg & 15]
        if op in T.haslocal or op in T.hasfree:
            return localsplus[arg]
        if name == "BINARY_OP":
            return T.nb[arg][1]
        if name == "LOAD_SPECIAL":
            return T.special[arg]
        if name in T.const_like:
            return T.const_like[name][arg]
    except Exception as e:
        return "?%s" % type(e).__name__
    return None


def code_record(co, T, hashes):
    data = co.co_code
    names = T.opname
    instrs, offs, index_at = [], [], {}
    ext = 0
    start = None
    i = 0
    n = len(data)
    while i < n:
        op, a = data[i], data[i + 1]
        name = names[op] if op < len(names) else "<%d>" % op
        if start is None:
            start = i
        if name == "EXTENDED_ARG":
            ext = (ext | a) << 8
            i += 2
            continue
        arg = (ext | a) if op in T.hasarg else None
        index_at[start] = index_at[i] = len(instrs)
        j = i + 2                    # jumps count from after the cache entries
        while j < n and names[data[j]] == "CACHE":
            j += 2
        instrs.append([name, arg, None])
        offs.append((i, op, (j - i - 2) // 2))
        ext, start = 0, None
        i = j
    end_index = len(instrs)
    index_at[n] = end_index

    cells = [c for c in co.co_cellvars if c not in co.co_varnames]
    localsplus = list(co.co_varnames) + cells + list(co.co_freevars)
    for k, (off, op, cache) in enumerate(offs):
        name, arg, _ = instrs[k]
        if arg is None:
            continue
        if op in T.hasjump:
            delta = -arg if op in T.backward else arg
            target = off + 2 + 2 * cache + 2 * delta
            instrs[k][1] = index_at.get(target, "?%d" % target)
        else:
            instrs[k][2] = resolve(T, op, name, arg, co, localsplus)

    def idx(unit):
        off = unit * 2
        while off not in index_at and off > 0:
            off -= 2
        return index_at.get(off, unit)

    exctab = [[idx(s), idx(e), idx(t), d, l]
              for s, e, t, d, l in exception_table(getattr(co, "co_exceptiontable", b""))]
    pos = list(co.co_positions()) if hasattr(co, "co_positions") else []
    positions = [list(pos[off // 2]) if off // 2 < len(pos) else None for off, _, _ in offs]
    by_unit = {}
    if hasattr(co, "co_lines"):
        for s, e, line in co.co_lines():
            for u in range(s // 2, (e + 1) // 2):
                by_unit[u] = line
    lines = [by_unit.get(off // 2) for off, _, _ in offs]
    rec = {
        "qualname": getattr(co, "co_qualname", co.co_name), "name": co.co_name,
        "firstlineno": co.co_firstlineno, "argcount": co.co_argcount,
        "posonly": co.co_posonlyargcount, "kwonly": co.co_kwonlyargcount,
        "flags": co.co_flags, "stacksize": co.co_stacksize,
        "names": list(co.co_names), "varnames": list(co.co_varnames),
        "freevars": list(co.co_freevars), "cellvars": list(co.co_cellvars),
        "consts": [const_text(c) for c in co.co_consts],
        "instrs": instrs, "exctab": exctab, "lines": lines, "positions": positions,
        "raw": [hashes(data)[:12], hashes(getattr(co, "co_exceptiontable", b""))[:12],
                hashes(getattr(co, "co_linetable", b""))[:12]],
    }
    return rec


def digests(rec, hashes, dumps):
    """level -> 7 hex digits.  Shared with the comparer."""
    def h(x):
        return hashes(dumps(x).encode("ascii"))[:7]
    raw = rec.get("raw") or [None, None, None]
    ins = rec["instrs"]
    return {
        "qualname": h(rec["qualname"]),
        "meta": h([rec["name"], rec["firstlineno"], rec["argcount"], rec["posonly"], rec["kwonly"]]),
        "flags": h(rec["flags"]),
        "stacksize": h(rec["stacksize"]),
        "vars": h([rec["varnames"], rec["freevars"], rec["cellvars"]]),
        "names": h(rec["names"]),
        "consts": h(rec["consts"]),
        "opnames": h([i[0] for i in ins]),
        # resolved: the same operation on the same constant/name, whatever its index
        "instructions": h([[i[0], i[2] if i[2] is not None else i[1]] for i in ins]),
        "instructions_raw": h([[i[0], i[1]] for i in ins]),
        "exctable": h(rec["exctab"]),
        "lines": h(rec["lines"]),
        "positions": h(rec["positions"]),
        "raw_code": (raw[0] or "")[:7], "raw_exctable": (raw[1] or "")[:7],
        "raw_linetable": (raw[2] or "")[:7],
    }


def sha1_hex(data):
    """SHA-1 for an interpreter that has no hashlib."""
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0]
    mask = 0xFFFFFFFF
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[k:k + 4], "big") for k in range(start, start + 64, 4)]
        for k in range(16, 80):
            x = w[k - 3] ^ w[k - 8] ^ w[k - 14] ^ w[k - 16]
            w.append((x << 1 | x >> 31) & mask)
        a, b, c, d, e = state
        for k in range(80):
            if k < 20:
                f, add = d ^ (b & (c ^ d)), 0x5A827999
            elif k < 40:
                f, add = b ^ c ^ d, 0x6ED9EBA1
            elif k < 60:
                f, add = (b & c) | (d & (b | c)), 0x8F1BBCDC
            else:
                f, add = b ^ c ^ d, 0xCA62C1D6
            a, b, c, d, e = ((a << 5 | a >> 27) + f + e + add + w[k]) & mask, a, (b << 30 | b >> 2) & mask, c, d
        state = [(x + y) & mask for x, y in zip(state, (a, b, c, d, e))]
    return "".join("%08x" % x for x in state)


def tools():
    import json
    try:
        from hashlib import sha1

        def hashes(b):
            return sha1(b).hexdigest()
    except Exception:
        hashes = sha1_hex

    def dumps(x):
        return json.dumps(x, separators=(",", ":"), sort_keys=True)
    return hashes, dumps


def walk(co, T, hashes, out):
    out.append((co, code_record(co, T, hashes)))
    for c in co.co_consts:
        if hasattr(c, "co_code"):
            walk(c, T, hashes, out)


def source_files(srcs):
    for src in srcs:
        prefix = os.path.basename(os.path.abspath(src)) if len(srcs) > 1 else ""
        if os.path.isfile(src):
            yield os.path.basename(src), src
            continue
        base = os.path.abspath(src)
        found = []
        for d, dirs, files in os.walk(base):
            dirs[:] = sorted(x for x in dirs if x != "__pycache__")
            for f in files:
                if f.endswith(".py"):
                    p = os.path.join(d, f)
                    found.append((os.path.relpath(p, base), p))
        for rel, p in sorted(found):
            yield os.path.join(prefix, rel), p


def read_records(path):
    """{file: (kind, data)} of crates/compile/examples/dump.rs"""
    out = {}
    with open(path, "rb") as f:
        while size := f.read(4):
            name = f.read(int.from_bytes(size, "little"))
            f.read(int.from_bytes(f.read(4), "little"))           # warnings
            data = f.read(int.from_bytes(f.read(4), "little"))
            out[name.decode()] = (f.read(1), data)
    return out


def recorded(records, path):
    import marshal
    kind, data = records[path]
    if kind != b"K":
        raise SyntaxError(data.decode("utf-8", "replace"))
    return marshal.loads(data)


def main(argv):
    import argparse
    import fnmatch
    import warnings
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("src", nargs="*")
    ap.add_argument("-o", "--output")
    ap.add_argument("-O", "--optimize", type=int, default=0)
    ap.add_argument("--digest", action="store_true", help="write digests only (small)")
    ap.add_argument("--exclude", action="append", default=[], metavar="GLOB")
    ap.add_argument("--only", action="append", default=[], metavar="GLOB")
    ap.add_argument("--records", metavar="FILE", help="take the code objects from this output of "
                    "crates/compile/examples/dump.rs instead of compiling (same SRC)")
    ap.add_argument("--opcodes", help="opcode facts (JSON) instead of the opcode module")
    ap.add_argument("--write-opcodes", help="write this interpreter's opcode facts and exit")
    a = ap.parse_args(argv)
    hashes, dumps = tools()
    T = Tables(a.opcodes)
    if a.write_opcodes:
        with open(a.write_opcodes, "w") as f:
            f.write(dumps(T.dump()) + "\n")
        return 0
    records = read_records(a.records) if a.records else None
    if not a.output or not a.src:
        ap.error("SRC and -o are needed")
    sys.setrecursionlimit(20000)
    if a.output.endswith(".gz"):
        import gzip
        raw = open(a.output, "wb")
        out = gzip.GzipFile("", "wb", 9, raw, mtime=0)
    else:
        raw = None
        out = open(a.output, "wb")

    def put(obj):
        out.write(dumps(obj).encode("ascii") + b"\n")
    impl = getattr(sys, "implementation", None)
    put({"bytecode_dump": 1, "implementation": getattr(impl, "name", "?"),
         "version": ".".join(map(str, sys.version_info[:3])), "optimize": a.optimize,
         "digest": a.digest, "levels": LEVELS})
    nfiles = ncodes = nerr = 0
    for rel, path in source_files(a.src):
        if any(fnmatch.fnmatchcase(rel, g) for g in a.exclude):
            continue
        if a.only and not any(fnmatch.fnmatchcase(rel, g) for g in a.only):
            continue
        with open(path, "rb") as f:
            src = f.read()
        rec = {"file": rel, "src": hashes(src), "error": None, "warnings": [], "codes": []}
        nfiles += 1
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                if records is None:
                    co = compile(src, rel, "exec", dont_inherit=True, optimize=a.optimize)
                else:
                    co = recorded(records, path)
            except SyntaxError as e:
                rec["error"] = [type(e).__name__, e.msg, e.lineno, e.offset,
                                getattr(e, "end_lineno", None), getattr(e, "end_offset", None)]
            except Exception as e:
                rec["error"] = [type(e).__name__, str(e)[:200], None, None, None, None]
        rec["warnings"] = [[w.category.__name__, str(w.message), w.lineno] for w in caught]
        if rec["error"] is None:
            codes = []
            walk(co, T, hashes, codes)
            for _, r in codes:
                d = digests(r, hashes, dumps)
                if a.digest:
                    rec["codes"].append([r["qualname"], r["firstlineno"], len(r["instrs"]),
                                         [d[k] for k in LEVELS]])
                else:
                    r["d"] = d
                    rec["codes"].append(r)
            ncodes += len(codes)
        else:
            nerr += 1
        put(rec)
    out.close()
    if raw:
        raw.close()
    print("%s: %d files, %d code objects, %d files do not compile" % (a.output, nfiles, ncodes, nerr))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
