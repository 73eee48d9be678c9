"""What a measurement ran on."""
import os
import platform
import subprocess
import time


def describe():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as file:
            models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
        model = models[0] if models else model
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"model": model, "cores": os.cpu_count(), "memory": memory, "system": "%s %s" % (platform.system(), platform.release())}


def now():
    return {"date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "load": round(os.getloadavg()[0], 2)}


def revision(folder):
    """The commit of the source tree a folder lies in."""
    done = subprocess.run(["git", "log", "-1", "--format=%h of %cs, %s"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode("utf-8", "replace").strip() or "not under version control"
