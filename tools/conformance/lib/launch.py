"""Shared helpers of the conformance tools: how to start *any* Python-like command.

Runs under the machine's own python3 (>= 3.9, stdlib only).

A "Python-like command" is a shell-quoted string such as

    /path/to/bredli
    /path/to/bredli --jit
    chroot ROOT python3.14

A command that starts with `chroot ROOT` is run in a private mount namespace in
which /proc, /dev, /tmp and every directory the runner needs are bind-mounted at
the same path inside ROOT, and with the caller's working directory, so that such
an interpreter sees exactly the same paths as a native one.  Nothing is left
mounted afterwards.  More directories to bind: the environment variable
CONF_BINDS=DIR:DIR (for example where the interpreter itself lives, when it is
not part of ROOT but its command is `chroot ROOT /path/to/interpreter`).
"""
import ctypes
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ENTER = os.path.join(HERE, "enter_root.sh")

DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


class Python:
    """A Python-like command."""

    def __init__(self, command, binds=()):
        argv = shlex.split(command) if isinstance(command, str) else list(command)
        if not argv:
            raise ValueError("empty python command")
        self.command = command if isinstance(command, str) else shlex.join(argv)
        self.root = None
        if os.path.basename(argv[0]) == "chroot":
            rest = argv[1:]
            while rest and rest[0].startswith("-"):
                rest = rest[1:]
            self.root = os.path.abspath(rest[0])
            argv = rest[1:]
        else:
            exe = shutil.which(argv[0])
            if exe is None:
                raise SystemExit("no such command: %s" % argv[0])
            argv[0] = os.path.abspath(exe)
        self.argv = argv
        binds = [*binds, *filter(None, os.environ.get("CONF_BINDS", "").split(":"))]
        self.binds = [os.path.abspath(b) for b in binds]

    def wrap(self, args, cwd, binds=()):
        """argv that runs this python with args, in cwd."""
        if self.root is None:
            return self.argv + list(args)
        want = []
        for b in [*self.binds, *map(os.path.abspath, binds), os.path.abspath(cwd)]:
            if b == "/tmp" or b.startswith("/tmp/"):
                continue                        # /tmp is always bound
            if b.startswith(self.root + "/"):
                continue
            if not any(b == w or b.startswith(w + "/") for w in want):
                want = [w for w in want if not w.startswith(b + "/")] + [b]
        return (["unshare", "-m", "--propagation", "private", "/bin/sh", ENTER,
                 self.root, os.path.abspath(cwd), ":".join(want)]
                + self.argv + list(args))

    def inside(self, path):
        """How the interpreter sees a host path."""
        path = os.path.abspath(path)
        if self.root and path.startswith(self.root + "/"):
            return path[len(self.root):]
        return path

    def probe(self, code, env=None, timeout=60, cwd="/tmp"):
        """Run a bit of code; returns (rc, stdout, stderr)."""
        try:
            p = subprocess.run(self.wrap(["-c", code], cwd), cwd=cwd,
                               env=env or clean_env("/tmp"),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=timeout)
        except subprocess.TimeoutExpired:
            return 124, "", "timeout"
        return (p.returncode, p.stdout.decode("utf-8", "replace"),
                p.stderr.decode("utf-8", "replace"))

    def describe(self):
        rc, out, err = self.probe(
            "import sys\n"
            "print(getattr(getattr(sys,'implementation',None),'name','?'))\n"
            "print(sys.version.replace(chr(10),' '))\n"
            "print('.'.join(map(str, sys.version_info[:3])))\n")
        lines = out.splitlines()
        if rc != 0 or len(lines) < 3:
            return {"command": self.command, "implementation": "?",
                    "version": "?", "version_info": "?",
                    "probe_error": (err or out)[-500:], "probe_rc": rc}
        return {"command": self.command, "implementation": lines[0],
                "version": lines[1], "version_info": lines[2]}


def clean_env(tmp, extra=()):
    env = {"PATH": DEFAULT_PATH, "HOME": tmp, "TMPDIR": tmp, "LANG": "C.UTF-8",
           "LC_ALL": "C.UTF-8", "TERM": "xterm", "TZ": "UTC"}
    for kv in extra:
        k, _, v = kv.partition("=")
        env[k] = v
    return env


def limiter(mem_mb, mem_kind="data", stack_mb=None, nofile=1024):
    """preexec_fn: own session, limits, default signals."""
    def f():
        os.setsid()
        for s in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM, signal.SIGHUP,
                  signal.SIGQUIT, signal.SIGCHLD):
            signal.signal(s, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if mem_mb and mem_kind != "none":
            kind = resource.RLIMIT_AS if mem_kind == "as" else resource.RLIMIT_DATA
            n = mem_mb << 20
            hard = resource.getrlimit(kind)[1]
            if hard != resource.RLIM_INFINITY:
                n = min(n, hard)
            resource.setrlimit(kind, (n, n))
        if stack_mb:
            hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
            resource.setrlimit(resource.RLIMIT_STACK, (stack_mb << 20, hard))
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        want = nofile if hard == resource.RLIM_INFINITY else min(nofile, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))
    return f


def become_subreaper():
    """Orphans of our children are re-parented to us, so they can be found."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)
    except Exception:
        pass


def _children_map():
    kids = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, "rb") as f:
                data = f.read()
            ppid = int(data[data.rindex(b")") + 2:].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        kids.setdefault(ppid, []).append(int(name))
    return kids


def descendants(pid):
    kids = _children_map()
    out, todo = [], [pid]
    while todo:
        for k in kids.get(todo.pop(), ()):
            out.append(k)
            todo.append(k)
    return out


def kill_tree(proc):
    """Kill a process started with limiter(), its session and all its descendants."""
    pids = descendants(proc.pid)
    for target in (-proc.pid,):
        try:
            os.killpg(proc.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    for p in [proc.pid, *pids]:
        try:
            os.kill(p, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    try:
        proc.wait(timeout=20)
    except subprocess.TimeoutExpired:
        pass


def reap_orphans(exclude=()):
    """Kill and reap whatever our finished units left behind (we are their
    subreaper).  Only processes that descend from this very process are touched."""
    me = os.getpid()
    for _ in range(20):
        left = [p for p in descendants(me) if p not in exclude]
        if not left:
            break
        for p in left:
            try:
                os.kill(p, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        for p in left:
            try:
                os.waitpid(p, os.WNOHANG)
            except ChildProcessError:
                pass
        time.sleep(0.02)


def rmtree(path):
    def onerror(func, p, exc):
        try:
            os.chmod(os.path.dirname(p), 0o700)
            os.chmod(p, 0o700)
            func(p)
        except OSError:
            pass
    shutil.rmtree(path, onerror=onerror)


def signame(n):
    try:
        return signal.Signals(n).name
    except ValueError:
        return "signal %d" % n


def install(python, testdir, out):
    """Put an interpreter that is one file where its site-packages have the test package, as installations of CPython do: children that
    ignore the environment import it. The path of the copy."""
    root = os.path.join(out, "root")
    packages = os.path.join(root, "lib", "python3.14", "site-packages")
    suite = os.path.join(out, "suite")
    for d in (packages, suite, os.path.join(root, "bin")):
        os.makedirs(d, exist_ok=True)
    link = os.path.join(suite, "test")
    if not os.path.islink(link):
        os.symlink(testdir, link)
    with open(os.path.join(packages, "suite.pth"), "w") as f:
        f.write(suite + "\n")
    copy = os.path.join(root, "bin", os.path.basename(python))
    shutil.copy2(python, copy)
    return copy
