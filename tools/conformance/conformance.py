#!/usr/bin/env python3
"""Measure how much of CPython's own test-suite a python-like command passes.

  conformance.py run    --python CMD --testdir DIR/test --out OUT [options] [UNIT ...]
  conformance.py report OUT [--reference REF] [--baseline OUT2] [--by module] [--json F] [--md F]
  conformance.py reference OUT [OUT2 ...] [--portable OUT3] -o REF.json.gz
  conformance.py docs   OUT --expectations F --to FILE
  conformance.py hold   --python CMD --testdir DIR/test --out OUT --expectations F [--units-from F] [UNIT ...]
  conformance.py list   --testdir DIR/test [--group ...]

Every test file (or module of a test package) is a *unit* and runs in its own
process with a time and a memory limit.  Each test's result is logged as it
happens, so what ran before a crash is counted; after a crash or a hang the unit
is restarted without the tests already run (--restarts).  The denominator is
always what CPython 3.14 passes (the reference file).
See README.md for everything else.
"""
import argparse
import ast
import fnmatch
import gzip
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lib"))
import docs            # noqa: E402
import expectations    # noqa: E402
import groups          # noqa: E402
import launch          # noqa: E402

DRIVER_DIR = os.path.join(HERE, "driver")
DEFAULT_REF = os.path.join(HERE, "reference", "cpython-3.14.json.gz")
PASS_CODES = ("P", "X")
CODE_NAMES = {"P": "passed", "F": "failed", "E": "error", "S": "skipped",
              "X": "expected failure", "U": "unexpected success",
              "C": "crash", "T": "timeout"}

# Packages whose __init__ itself holds tests: run as one unit, as regrtest does.
WHOLE = {"test_json", "test_import", "test_module", "test_warnings",
         "test_dataclasses", "test_cext"}


# --------------------------------------------------------------------------
# which units exist

def discover(testdir):
    units = []
    for name in sorted(os.listdir(testdir)):
        if not name.startswith("test_"):
            continue
        path = os.path.join(testdir, name)
        if name.endswith(".py"):
            units.append(name[:-3])
        elif os.path.isfile(os.path.join(path, "__init__.py")):
            if name in WHOLE:
                units.append(name)
            else:
                sub = _package_units(path, name)
                units.extend(sub or [name])
    return units


def _package_units(path, prefix):
    out = []
    for name in sorted(os.listdir(path)):
        p = os.path.join(path, name)
        if name.endswith(".py"):
            if name.startswith("test"):
                out.append(prefix + "." + name[:-3])
        elif os.path.isfile(os.path.join(p, "__init__.py")):
            out.extend(_package_units(p, prefix + "." + name))
    return out


def select(units, wanted_groups, patterns, include_other=False):
    out = []
    for u in units:
        top = u.split(".")[0]
        if top in groups.SKIP_ALWAYS and not include_other:
            continue
        if wanted_groups and groups.group_of(u) not in wanted_groups:
            continue
        if patterns and not any(
                u == p or u.startswith(p + ".") or fnmatch.fnmatchcase(u, p)
                or fnmatch.fnmatchcase(top, p) for p in patterns):
            continue
        out.append(u)
    return out


# --------------------------------------------------------------------------
# running one unit

_ADDR = re.compile(r"0x[0-9a-fA-F]{5,}")


def _lit(text):
    try:
        v = ast.literal_eval(text)
        return v if isinstance(v, str) else text
    except Exception:
        return text


class Log:
    """Parsed driver log of one attempt."""

    def __init__(self, path):
        self.results = []        # (id, code, ms, msg) in order
        self.started = None      # id of a test without a result
        self.module = None       # (kind, message)
        self.ended = False
        self.begun = False
        self.count = None
        try:
            with open(path, "rb") as f:
                data = f.read().decode("ascii", "replace")
        except FileNotFoundError:
            return
        for line in data.split("\n"):
            f = line.split("\t")
            k = f[0]
            if k == "R" and len(f) >= 5:
                self.results.append((_lit(f[3]), f[1], int(f[2]) if f[2].isdigit() else 0,
                                     _lit(f[4])))
                self.started = None
            elif k == "S" and len(f) >= 2:
                self.started = _lit(f[1])
            elif k == "M" and len(f) >= 3:
                self.module = (f[1], _lit(f[2]))
            elif k == "E":
                self.ended = True
            elif k == "B":
                self.begun = True
            elif k == "C" and self.count is None:
                try:
                    self.count = int(f[1])
                except ValueError:
                    pass


def attempt(cfg, unit, module, tmp, n, done, deadline, output):
    """One process.  Returns (Log, why, rc); why: exit | timeout | test_timeout |
    flood | hang_at_exit"""
    log = os.path.join(tmp, "log%d" % n)
    work = os.path.join(tmp, "w%d" % n)
    home = os.path.join(tmp, "h")
    os.makedirs(work)
    os.makedirs(home, exist_ok=True)
    args = [*cfg["pyflags"], os.path.join(DRIVER_DIR, "conf_driver.py"), module, log]
    if done:
        skip = os.path.join(tmp, "skip%d" % n)
        with open(skip, "w", encoding="utf-8") as f:
            for d in sorted(done):
                f.write(ascii(d) + "\n")
        args.append(skip)
    if cfg["as_impl"]:
        args += ["--as-impl", cfg["as_impl"]]
    if cfg["stub"]:
        args += ["--stub", cfg["stub"]]
    env = launch.clean_env(work, cfg["env"])
    env["HOME"] = home
    if cfg["pythonpath"]:
        env["PYTHONPATH"] = cfg["pythonpath"]
    py = launch.Python(cfg["python"], cfg["binds"])
    argv = py.wrap(args, work)
    proc = subprocess.Popen(argv, cwd=work, env=env, stdin=subprocess.DEVNULL,
                            stdout=output, stderr=subprocess.STDOUT,
                            preexec_fn=launch.limiter(cfg["mem"], cfg["mem_kind"]))
    why = "exit"
    try:
        last_size, last_time, pause, ended_at = -1, time.monotonic(), 0.01, None
        while True:
            try:
                rc = proc.wait(timeout=pause)
                break
            except subprocess.TimeoutExpired:
                pass
            pause = min(pause * 1.5, 0.25)
            now = time.monotonic()
            try:
                size = os.stat(log).st_size
            except OSError:
                size = 0
            if size != last_size:
                last_size, last_time = size, now
                if size:
                    with open(log, "rb") as f:
                        f.seek(max(0, size - 2))
                        ended_at = now if f.read() == b"E\n" else None
            if ended_at is not None and now - ended_at > 30:
                why = "hang_at_exit"
            elif now > deadline:
                why = "timeout"
            elif now - last_time > cfg["test_timeout"]:
                why = "test_timeout"
            elif os.fstat(output.fileno()).st_size > 50_000_000:
                why = "flood"
            if why != "exit":
                rc = None
                break
    finally:
        launch.kill_tree(proc)
        launch.reap_orphans()
    return Log(log), why, rc


def run_unit(job):
    cfg, unit = job
    module = "test." + unit
    t0 = time.monotonic()
    deadline = t0 + cfg["timeout"]
    tmp = tempfile.mkdtemp(prefix="cf")
    logs = os.path.join(cfg["out"], "logs")
    outpath = os.path.join(logs, unit + ".txt")
    tests, msgs, slow = {}, {}, {}
    crashes, timeouts, notes = [], [], []
    status = "ok"
    finished = False
    done = set()
    n = 0
    prefix = module + "."

    def short(i):
        i = _ADDR.sub("0x", i)
        return i[len(prefix):] if i.startswith(prefix) else i

    def record(seen, full, code, ms, msg):
        key = short(full)
        c = seen[key] = seen.get(key, 0) + 1
        if c > 1:
            key = "%s#%d" % (key, c)
        tests[key] = code
        if msg:
            msgs[key] = msg
        if ms > 1000:
            slow[key] = ms

    try:
        with open(outpath, "w+b") as output:
            while True:
                n += 1
                log, why, rc = attempt(cfg, unit, module, tmp, n, done, deadline, output)
                seen = {}
                for full, code, ms, msg in log.results:
                    record(seen, full, code, ms, msg)
                    done.add(full)
                progress = bool(log.results)
                if log.module and log.module[0] in ("import_error", "no_unittest"):
                    status = "import_error"
                    notes.append(log.module[1])
                    break
                if log.module and log.module[0] == "skip":
                    status = "skip"
                    notes.append(log.module[1])
                    finished = True
                    break
                if log.ended:
                    finished = True
                    if why == "hang_at_exit":
                        notes.append("did not exit after the last test")
                    elif why != "exit":
                        notes.append(why)
                    elif rc != 0:
                        notes.append("exit status %s after the last test"
                                     % (launch.signame(-rc) if rc < 0 else rc))
                    break
                at = log.started
                if why == "exit":
                    sig = launch.signame(-rc) if rc < 0 else "exit %d" % rc
                    if log.module:
                        sig += " (%s)" % log.module[1]
                    crashes.append({"test": short(at) if at else None, "how": sig})
                    code, text = "C", sig
                else:
                    timeouts.append({"test": short(at) if at else None, "how": why})
                    code, text = "T", why
                if at:
                    record(seen, at, code, 0, text)
                    done.add(at)
                    progress = True
                if why in ("timeout", "flood") or not progress or n > cfg["restarts"]:
                    break
            if not finished and status == "ok":
                status = "crash" if crashes else "timeout"
            elif crashes:
                status = "crash"
            elif timeouts:
                status = "timeout"
            size = output.seek(0, 2)
            if size > 65536:
                output.seek(size - 60000)
                tail = output.read()
                output.seek(0)
                output.truncate()
                output.write(b"[... cut ...]\n" + tail)
            output.flush()
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
    finally:
        launch.rmtree(tmp)
    counts = {}
    for c in tests.values():
        counts[c] = counts.get(c, 0) + 1
    res = {"unit": unit, "group": groups.group_of(unit), "status": status,
           "finished": finished, "attempts": n, "seconds": round(time.monotonic() - t0, 2),
           "counts": counts, "tests": tests, "messages": msgs}
    for k, v in (("crashes", crashes), ("timeouts", timeouts), ("notes", notes), ("slow", slow)):
        if v:
            res[k] = v
    if status in ("crash", "import_error", "timeout"):
        res["output_tail"] = text[-2000:]
    path = os.path.join(cfg["out"], "units", unit + ".json")
    with open(path + ".tmp", "w") as f:
        json.dump(res, f)
    os.replace(path + ".tmp", path)
    if not text.strip():
        os.unlink(outpath)
    return res


def _init_worker():
    launch.become_subreaper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(1))


# --------------------------------------------------------------------------
# commands

def stage_tests(testdir, out):
    """A directory that holds nothing but a copy of test/, for PYTHONPATH."""
    stage = os.path.join(out, "stage")
    dst = os.path.join(stage, "test")
    if not os.path.isdir(dst):
        tmp = dst + ".part"
        shutil.rmtree(tmp, ignore_errors=True)
        shutil.copytree(testdir, tmp, symlinks=True,
                        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        os.rename(tmp, dst)
    return stage


def cmd_run(a):
    testdir = os.path.abspath(a.testdir)
    if not os.path.isfile(os.path.join(testdir, "support", "__init__.py")):
        raise SystemExit("%s does not look like Lib/test" % testdir)
    out = os.path.abspath(a.out)
    for d in ("units", "logs"):
        os.makedirs(os.path.join(out, d), exist_ok=True)
    if a.install:
        a.python = launch.install(a.python, testdir, out)
    py = launch.Python(a.python)
    info = py.describe()
    if "probe_error" in info:
        print("warning: %s cannot run a trivial program: %s"
              % (a.python, info["probe_error"][-200:]), file=sys.stderr)
        if info["probe_rc"] in (97, 126, 127):
            raise SystemExit(2)
    pythonpath = None
    if a.pythonpath != "never":
        rc, own, _ = py.probe("import test.support, os; "
                              "print(os.path.realpath(os.path.dirname(test.support.__file__)))")
        same = rc == 0 and own.strip() == py.inside(os.path.join(os.path.realpath(testdir), "support"))
        if a.pythonpath == "always" or not same:
            pythonpath = stage_tests(testdir, out)
    cfg = {"python": a.python, "out": out, "timeout": a.timeout, "test_timeout": a.test_timeout,
           "mem": a.mem, "mem_kind": a.mem_kind, "restarts": a.restarts, "env": a.env,
           "pyflags": a.pyflag, "pythonpath": pythonpath, "as_impl": a.as_impl, "stub": a.stub,
           "binds": [HERE, out] + a.bind}
    units = select(discover(testdir), a.group, a.units, a.all)
    if a.reference_units:
        ref = load_reference(a.reference)
        units = [u for u in units if ref["units"].get(u, {}).get("pass")]
    todo = []
    for u in units:
        if a.resume and os.path.exists(os.path.join(out, "units", u + ".json")):
            continue
        todo.append(u)
    # long units first when running in parallel
    if a.jobs > 1:
        try:
            ref = load_reference(a.reference)["units"]
            todo.sort(key=lambda u: -ref.get(u, {}).get("seconds", 0))
        except (OSError, SystemExit):
            pass
    meta = {"python": info, "testdir": testdir, "pythonpath": pythonpath,
            "options": {k: cfg[k] for k in ("timeout", "test_timeout", "mem", "mem_kind",
                                            "restarts", "env", "pyflags", "as_impl", "stub")},
            "euid": os.geteuid(), "jobs": a.jobs, "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "selected_units": units}
    with open(os.path.join(out, "meta.json"), "w") as f:
        json.dump(meta, f, indent=1)
    print("%s  (%s %s)\n%d units, %d to run, PYTHONPATH=%s" % (
        a.python, info["implementation"], info["version_info"], len(units), len(todo), pythonpath or "-"))
    t0 = time.monotonic()
    jobs = [(cfg, u) for u in todo]
    pool = multiprocessing.get_context("fork").Pool(max(1, a.jobs), _init_worker, maxtasksperchild=50)
    try:
        for i, r in enumerate(pool.imap_unordered(run_unit, jobs, chunksize=1), 1):
            if not a.quiet:
                c = r["counts"]
                extra = ""
                if r.get("notes"):
                    extra = "  " + r["notes"][0].replace("\n", " ")[:90]
                elif r.get("crashes"):
                    extra = "  %s in %s" % (r["crashes"][0]["how"][:50], r["crashes"][0]["test"])
                print("[%4d/%d %5.0fs] %-46s %-12s %s%s" % (
                    i, len(jobs), time.monotonic() - t0, r["unit"], r["status"],
                    " ".join("%s%d" % (k, c[k]) for k in "PXFEUCTS" if k in c), extra), flush=True)
        pool.close()
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.join()
    merge(out)
    if os.path.exists(a.reference):
        report(out, a.reference, None, False)
    return units


def cmd_hold(a):
    """Run units and fail when a test fails that is not expected to."""
    if a.units_from:
        with open(a.units_from, encoding="utf-8") as f:
            a.units += [line.strip() for line in f if line.strip() and not line.startswith("#")]
    known = expectations.read(a.expectations)
    if not a.units and not a.group:
        raise SystemExit("hold: give the units, --units-from FILE or --group")
    shutil.rmtree(os.path.join(os.path.abspath(a.out), "units"), ignore_errors=True)
    units = list(cmd_run(a))
    run, ref = load_run(a.out), load_reference(a.reference)
    if a.update:
        expectations.write(a.expectations, expectations.update(run, ref, units, known, PASS_CODES))
        return
    worse, better = expectations.compare(run, ref, units, known, PASS_CODES)
    if worse:
        # Some tests look at clocks or at load: what fails must fail twice.
        again = sorted({unit for unit, _, _ in worse})
        for unit in again:
            os.unlink(os.path.join(os.path.abspath(a.out), "units", unit + ".json"))
        a.units, a.group, a.resume, a.install = again, [], True, False
        cmd_run(a)
        once = worse
        worse, _ = expectations.compare(load_run(a.out), ref, again, known, PASS_CODES)
        for unit, test, reason in once:
            if (unit, test) not in {(unit, test) for unit, test, _ in worse}:
                print("unstable: %s %s (%s)" % (unit, test, reason))
    for unit, test, reason in better:
        print("passes now, take it off the list: %s %s (%s)" % (unit, test, reason))
    for unit, test, reason in worse:
        print("FAILS: %s %s (%s)" % (unit, test, reason))
    print("hold: %d units, %d new failures, %d listed tests pass" % (len(units), len(worse), len(better)))
    sys.exit(1 if worse else 0)


def load_run(out):
    if os.path.isfile(out):
        with (gzip.open(out, "rt") if out.endswith(".gz") else open(out)) as f:
            return json.load(f)
    with open(os.path.join(out, "meta.json")) as f:
        run = json.load(f)
    run["units"] = {}
    d = os.path.join(out, "units")
    for name in sorted(os.listdir(d)):
        if name.endswith(".json"):
            with open(os.path.join(d, name)) as f:
                run["units"][name[:-5]] = json.load(f)
    return run


def merge(out):
    run = load_run(out)
    with gzip.open(os.path.join(out, "results.json.gz"), "wt") as f:
        json.dump(run, f)


def load_reference(path):
    if not os.path.exists(path):
        raise SystemExit("no reference file %s" % path)
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as f:
        return json.load(f)


def cmd_reference(a):
    runs = [load_run(p) for p in a.out]
    port = load_run(a.portable) if a.portable else None
    ref = {"format": 1, "python": runs[0]["python"], "options": runs[0]["options"],
           "euid": runs[0]["euid"], "runs": len(runs),
           "generated": time.strftime("%Y-%m-%d", time.gmtime()), "units": {}}
    for u in sorted(set().union(*(r["units"] for r in runs))):
        per = [r["units"][u] for r in runs if u in r["units"]]
        ids = {}
        for p in per:
            for i in p["tests"]:
                ids[i] = None
        good, bad, flaky, only = [], {}, [], []
        pt = port["units"].get(u) if port else None
        for i in ids:
            codes = [p["tests"].get(i, "-") for p in per]
            okn = sum(c in PASS_CODES for c in codes)
            if okn == len(codes):
                good.append(i)
                if pt is not None and pt["status"] in ("ok", "skip") and \
                        pt["tests"].get(i, "S" if pt["status"] == "skip" else "-") in "S-":
                    only.append(i)
            elif okn:
                flaky.append(i)
            else:
                bad[i] = codes[0]
        e = {"group": groups.group_of(u), "status": per[0]["status"],
             "seconds": per[0]["seconds"], "pass": good}
        if bad:
            e["notpass"] = bad
        if flaky:
            e["flaky"] = flaky
        if only:
            e["cpython_only"] = only
        if per[0].get("notes"):
            e["note"] = per[0]["notes"][0][:150]
        ref["units"][u] = e
    data = json.dumps(ref, separators=(",", ":")).encode()
    with open(a.output, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        f.write(data)
    n = sum(len(e["pass"]) for e in ref["units"].values())
    c = sum(len(e.get("cpython_only", ())) for e in ref["units"].values())
    f = sum(len(e.get("flaky", ())) for e in ref["units"].values())
    print("%s: %d units, %d tests pass (%d CPython-only, %d flaky left out), %d bytes"
          % (a.output, len(ref["units"]), n, c, f, os.path.getsize(a.output)))


def summarize(run, ref):
    """Per-unit comparison for the units this run selected."""
    rows = {}
    chosen = run.get("selected_units") or list(run["units"])
    for u in sorted(set(chosen) | set(run["units"])):
        e = ref["units"].get(u)
        if e is None:
            continue
        want = set(e["pass"])
        only = set(e.get("cpython_only", ()))
        r = run["units"].get(u)
        got = set()
        if r:
            got = {i for i, c in r["tests"].items() if c in PASS_CODES} & want
        rows[u] = {"group": e["group"], "want": len(want), "got": len(got),
                   "want_portable": len(want - only), "got_portable": len(got - only),
                   "status": r["status"] if r else "not run",
                   "ran": sum(n for c, n in r["counts"].items() if c != "S") if r else 0,
                   "skipped": r["counts"].get("S", 0) if r else 0,
                   "crashes": len(r.get("crashes", ())) if r else 0,
                   "timeouts": len(r.get("timeouts", ())) if r else 0,
                   "seconds": r["seconds"] if r else 0}
    return rows


def total(rows):
    t = {k: sum(r[k] for r in rows) for k in
         ("want", "got", "want_portable", "got_portable", "crashes", "timeouts", "ran", "skipped", "seconds")}
    t["units"] = len(rows)
    t["units_full"] = sum(r["want"] > 0 and r["got"] == r["want"] for r in rows)
    t["units_want"] = sum(r["want"] > 0 for r in rows)
    t["import_errors"] = sum(r["status"] == "import_error" for r in rows)
    t["rate"] = round(t["got"] / t["want"], 4) if t["want"] else None
    t["rate_portable"] = round(t["got_portable"] / t["want_portable"], 4) if t["want_portable"] else None
    return t


def report(out, refpath, baseline, by_module, json_path=None, md_path=None, quiet=False):
    run, ref = load_run(out), load_reference(refpath)
    rows = summarize(run, ref)
    by_group, by_mod = {}, {}
    for u, r in rows.items():
        by_group.setdefault(r["group"], []).append(r)
        by_mod.setdefault(u.split(".")[0], []).append(r)
    summary = {"python": run["python"], "reference": ref["python"]["version_info"],
               "groups": {g: total(by_group[g]) for g in groups.ORDER if g in by_group},
               "total": total(list(rows.values())),
               "total_without_impl": total([r for r in rows.values() if r["group"] != "impl"]),
               "modules": {}}
    for m in sorted(by_mod):
        t = total(by_mod[m])
        t["group"] = by_mod[m][0]["group"]
        st = {r["status"] for r in by_mod[m]}
        t["status"] = next((s for s in ("crash", "timeout", "import_error", "not run", "ok", "skip")
                            if s in st), "?")
        summary["modules"][m] = t
    lines = []

    def pct(g, w):
        return "%6.2f%%" % (100.0 * g / w) if w else "     - "

    def row(name, t):
        lines.append("%-34s %7d /%7d %s   %7d /%7d %s  %5d/%-5d %5d %5d %5d" % (
            name, t["got"], t["want"], pct(t["got"], t["want"]),
            t["got_portable"], t["want_portable"], pct(t["got_portable"], t["want_portable"]),
            t["units_full"], t["units_want"], t["import_errors"], t["crashes"], t["timeouts"]))
    lines.append("%-34s %16s %8s  %16s %8s  %11s %5s %5s %5s" % (
        run["python"]["implementation"] + " " + run["python"]["version_info"], "passed / CPython", "rate",
        "portable", "rate", "units full", "noimp", "crash", "t/out"))
    for g in groups.ORDER:
        if g in by_group:
            row(groups.TITLES[g], summary["groups"][g])
    row("TOTAL", summary["total"])
    if "impl" in by_group:
        row("TOTAL without C-implementation", summary["total_without_impl"])
    if by_module:
        for g in groups.ORDER:
            mods = [m for m, t in summary["modules"].items() if t["group"] == g]
            if mods:
                lines.append("")
                lines.append("--- %s" % groups.TITLES[g])
                for m in mods:
                    t = summary["modules"][m]
                    lines.append("%-34s %7d /%7d %s  %-12s %7.1fs%s" % (
                        m, t["got"], t["want"], pct(t["got"], t["want"]), t["status"], t["seconds"],
                        "  crashes %d" % t["crashes"] if t["crashes"] else ""))
    rc = 0
    if baseline:
        old = load_run(baseline)
        better, worse = [], []
        for u, e in ref["units"].items():
            if u not in run["units"] or u not in old["units"]:
                continue
            new_t, old_t = run["units"][u]["tests"], old["units"][u]["tests"]
            for i in e["pass"]:
                a, b = old_t.get(i) in tuple(PASS_CODES), new_t.get(i) in tuple(PASS_CODES)
                if b and not a:
                    better.append(u + "." + i)
                elif a and not b:
                    worse.append("%s.%s (%s)" % (u, i, CODE_NAMES.get(new_t.get(i), "not run")))
        lines.append("")
        lines.append("against %s: %d newly pass, %d no longer pass" % (baseline, len(better), len(worse)))
        lines += ["  - " + w for w in worse[:200]]
        summary["newly_pass"], summary["no_longer_pass"] = better, worse
        rc = 1 if worse else 0
    text = "\n".join(lines)
    if not quiet:
        print(text)
    if os.path.isdir(out):
        with open(os.path.join(out, "summary.json"), "w") as f:
            json.dump(summary, f, indent=1)
    if json_path:
        with open(json_path, "w") as f:
            json.dump(summary, f, indent=1)
    if md_path:
        with open(md_path, "w") as f:
            f.write("```\n" + text + "\n```\n")
    return rc


def cmd_docs(a):
    """Write the report of a finished run as Markdown."""
    lines = docs.document(load_run(a.out), load_reference(a.reference), expectations.read(a.expectations), PASS_CODES)
    os.makedirs(os.path.dirname(os.path.abspath(a.to)), exist_ok=True)
    with open(a.to, "w", encoding="utf-8") as f:
        f.writelines(line + "\n" for line in lines)


def cmd_failures(a):
    """Most frequent reasons of failure among tests CPython passes."""
    run, ref = load_run(a.out), load_reference(a.reference)
    reasons = {}
    for u, r in run["units"].items():
        want = set(ref["units"].get(u, {}).get("pass", ()))
        if a.group and groups.group_of(u) not in a.group:
            continue
        if r["status"] == "import_error" and want:
            key = "IMPORT " + (r.get("notes") or ["?"])[0]
            key = re.sub(r" @\S+$", "", key)[:150]
            e = reasons.setdefault(key, [0, []])
            e[0] += len(want)
            e[1].append(u)
            continue
        for i in want:
            c = r["tests"].get(i)
            if c in PASS_CODES:
                continue
            m = r["messages"].get(i, "")
            m = re.sub(r" @\S+$", "", m)
            m = re.sub(r"\d+", "N", m).split("\n")[0][:110]
            key = "%s %s" % (CODE_NAMES.get(c, "missing").upper(), m)
            e = reasons.setdefault(key, [0, []])
            e[0] += 1
            if u not in e[1]:
                e[1].append(u)
    for key, (n, where) in sorted(reasons.items(), key=lambda kv: -kv[1][0])[:a.top]:
        print("%6d  %s   [%s%s]" % (n, key, " ".join(where[:4]), " ..." if len(where) > 4 else ""))


def add_run_options(p, gs, ghelp):
    p.add_argument("--python", required=True)
    p.add_argument("--testdir", required=True, help="the directory Lib/test")
    p.add_argument("--out", required=True)
    p.add_argument("--group", type=gs, default=[], help=ghelp)
    p.add_argument("--jobs", "-j", type=int, default=1)
    p.add_argument("--timeout", type=float, default=900, help="seconds per unit (all restarts together)")
    p.add_argument("--test-timeout", type=float, default=120, help="seconds without progress")
    p.add_argument("--mem", type=int, default=4096, help="MiB per process (0: no limit)")
    p.add_argument("--mem-kind", choices=("data", "as", "none"), default="data")
    p.add_argument("--restarts", type=int, default=20, help="restarts of a unit after crash/hang")
    p.add_argument("--resume", action="store_true", help="keep units already in OUT")
    p.add_argument("--env", action="append", default=[], metavar="K=V")
    p.add_argument("--pyflag", action="append", default=[], help="e.g. --pyflag=-Xfoo")
    p.add_argument("--pythonpath", choices=("auto", "always", "never"), default="auto")
    p.add_argument("--as-impl", help="make platform.python_implementation() return this")
    p.add_argument("--stub", help="comma list of C test modules to replace by an empty module when they "
                   "cannot be imported (default: none), e.g. _testlimitedcapi,_testmultiphase")
    p.add_argument("--install", action="store_true", help="run a copy of CMD, one file, that has the test package in its site-packages")
    p.add_argument("--bind", action="append", default=[], help="more directories for a chroot command")
    p.add_argument("--all", action="store_true", help="also GUI and other platforms")
    p.add_argument("--reference", default=DEFAULT_REF)
    p.add_argument("--reference-units", action="store_true", help="only units with reference passes")
    p.add_argument("--quiet", action="store_true")
    p.add_argument("units", nargs="*")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sp = ap.add_subparsers(dest="cmd", required=True)
    keys = [g for g in groups.ORDER if g != "unclassified"]
    gs = lambda s: [x for x in s.split(",") if x]           # noqa: E731
    ghelp = "comma list of: " + ", ".join("%s=%s" % (k, groups.TITLES[k]) for k in keys)

    run = sp.add_parser("run", help="run units and report")
    hold = sp.add_parser("hold", help="run units and fail when a test fails that is not expected to")
    hold.add_argument("--expectations", required=True, help="the list of tests known to fail")
    hold.add_argument("--units-from", help="a file with one unit to a line")
    hold.add_argument("--update", action="store_true", help="write the expectations anew from this run")
    for p in (run, hold):
        add_run_options(p, gs, ghelp)
    run.set_defaults(func=cmd_run)
    hold.set_defaults(func=cmd_hold)

    p = sp.add_parser("docs", help="the report of a finished run as Markdown")
    p.add_argument("out")
    p.add_argument("--expectations", required=True, help="the list of tests known to fail, with reasons")
    p.add_argument("--to", required=True, help="the file to write")
    p.add_argument("--reference", default=DEFAULT_REF)
    p.set_defaults(func=cmd_docs)

    p = sp.add_parser("report", help="tables for a finished run")
    p.add_argument("out")
    p.add_argument("--reference", default=DEFAULT_REF)
    p.add_argument("--baseline", help="an older run: list regressions, exit 1 if any")
    p.add_argument("--by", choices=("group", "module"), default="group")
    p.add_argument("--json")
    p.add_argument("--md")
    p.set_defaults(func=lambda a: sys.exit(report(a.out, a.reference, a.baseline, a.by == "module", a.json, a.md)))

    p = sp.add_parser("failures", help="most frequent failure reasons of a run")
    p.add_argument("out")
    p.add_argument("--group", type=gs, default=[])
    p.add_argument("--top", type=int, default=40)
    p.add_argument("--reference", default=DEFAULT_REF)
    p.set_defaults(func=cmd_failures)

    p = sp.add_parser("reference", help="make the reference from CPython runs")
    p.add_argument("out", nargs="+")
    p.add_argument("--portable", help="a CPython run made with --as-impl: marks CPython-only tests")
    p.add_argument("-o", "--output", default=DEFAULT_REF)
    p.set_defaults(func=cmd_reference)

    p = sp.add_parser("list", help="list units")
    p.add_argument("--testdir", required=True)
    p.add_argument("--group", type=gs, default=[], help=ghelp)
    p.add_argument("units", nargs="*")
    p.set_defaults(func=lambda a: [print("%-12s %s" % (groups.group_of(u), u))
                                   for u in select(discover(a.testdir), a.group, a.units)])
    a = ap.parse_args()
    a.func(a)


if __name__ == "__main__":
    main()
