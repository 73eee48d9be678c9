"""One program in one interpreter: start it, read what it reports."""
import collections
import os
import resource
import shlex
import subprocess
import time

from programs import HERE, PROGRAMS, WALL_ONLY

WORKER = os.path.join(HERE, "bench_worker.py")
# What bench_worker.py prints, tab-separated, after the word BENCHRESULT and the program's name.
COUNTS = ["loops", "inner", "want", "samples"]
TIMES = ["best", "median", "first", "fixed", "total", "setup"]
# A program's own look at its peak, in KiB. `ru_maxrss` will not do: it starts with what the process was before exec.
PEAK = "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
STARTS = 10


# SECONDS is {"cpu": ..., "wall": ...}.
Run = collections.namedtuple("Run", "output errors seconds")


class Failure(Exception):
    """A program did not run; the text says why."""


class Interpreter:
    """NAME=[VARIABLE=VALUE ...] COMMAND [ARGUMENTS]"""

    def __init__(self, text):
        self.name, _, command = text.partition("=")
        words = shlex.split(os.path.expanduser(command))
        if not self.name or not words:
            raise SystemExit("--impl wants NAME=COMMAND, not %r" % text)
        self.environment = dict(os.environ, PYTHONHASHSEED="0")
        self.environment.pop("PYTHON_JIT", None)
        while "=" in words[0] and not words[0].startswith(("/", ".")):
            variable, _, value = words.pop(0).partition("=")
            self.environment[variable] = value
        self.command = words

    def run(self, arguments, timeout):
        cpu, wall = children_cpu(), time.perf_counter()
        try:
            done = subprocess.run(self.command + arguments, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failure("more than %g s" % timeout)
        except OSError as error:
            raise Failure(str(error))
        seconds = {"cpu": children_cpu() - cpu, "wall": time.perf_counter() - wall}
        errors = done.stderr.decode("utf-8", "replace")
        if done.returncode:
            last = errors.strip().splitlines()[-1:] or ["no message"]
            raise Failure("exit status %d: %s" % (done.returncode, last[0]))
        return Run(done.stdout.decode("utf-8", "replace"), errors, seconds)

    def version(self):
        return self.run(["-c", "import sys; print(sys.version.replace(chr(10), ' '))"], 60).output.strip()


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(interpreter, name, options, table):
    """A record: times in seconds, the peak of memory in bytes; or {"error": text}."""
    try:
        if PROGRAMS[name].command:
            return start(interpreter, PROGRAMS[name].command, options)
        return work(interpreter, PROGRAMS[name], options, table)
    except Failure as failure:
        return {"error": str(failure)}


def start(interpreter, command, options):
    times = [interpreter.run(command, options.timeout).seconds[options.clock] for _ in range(STARTS)]
    watched = command[:-1] + [command[-1] + "\n" + PEAK]
    return {"best": min(times), "median": sorted(times)[STARTS // 2], "peak": int(interpreter.run(watched, options.timeout).output) * 1024}


def work(interpreter, item, options, table):
    loops, samples = table.get(item.name, (0, 0))
    clock = "wall" if item.name in WALL_ONLY else options.clock
    folder = os.path.join(options.benchmarks, item.folder)
    arguments = [WORKER, folder, item.result, str(loops), str(samples), clock, str(options.budget)]
    output = interpreter.run(arguments + item.arguments, options.timeout).output
    record = {}
    for words in (line.split("\t") for line in output.splitlines()):
        if words[:2] == ["BENCHRESULT", item.result]:
            record.update(zip(COUNTS + TIMES, [int(word) for word in words[2:6]] + [float(word) for word in words[6:]]))
        elif words[0] == "BENCHPEAK":
            record["peak"] = int(words[1]) * 1024
    if "best" not in record:
        raise Failure("no result")
    return record


def better(old, new):
    """The best of two records of the same program: noise only ever adds. A failure stays one."""
    for record in (old, new):
        if record is None or "error" in record:
            return new if record is None else record
    return {key: min(value, old[key]) if key in TIMES + ["peak"] and value is not None else value for key, value in new.items()}
