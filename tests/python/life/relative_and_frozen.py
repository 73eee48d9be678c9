"""Relative imports without globals, frozen modules that are not wanted, and an import that fails in another thread."""

import _imp
import builtins
import importlib.machinery
import os
import sys
import tempfile
import threading

for globals_ in ((), (3,), ({},)):
    try:
        builtins.__import__("a", *globals_, level=1)
    except (KeyError, TypeError) as error:
        print(type(error).__name__, error)

for expression in (
    '_imp.get_frozen_object("nope")',
    '_imp.is_frozen_package("it\'s")',
    '_imp.get_frozen_object("x", b"zzz")',
    '_imp.get_frozen_object("x", b"N")',
    '_imp.get_frozen_object("x", 7)',
):
    try:
        eval(expression)
    except (ImportError, TypeError) as error:
        print(type(error).__name__, error, getattr(error, "name", None))
for wanted in (-1, 1, 0):
    _imp._override_frozen_modules_for_tests(wanted)
    print(wanted, *[importlib.machinery.FrozenImporter.find_spec(name) is not None for name in ("__hello__", "zipimport")])

with tempfile.TemporaryDirectory() as directory:
    with open(os.path.join(directory, "fails.py"), "w") as file:
        file.write("import time\nready.set()\ntime.sleep(0.05)\nraise RuntimeError('no')\n")
    sys.path.insert(0, directory)
    builtins.ready = threading.Event()
    outcomes = []

    def load(wait):
        if wait:
            ready.wait()
        try:
            outcomes.append(__import__("fails") is sys.modules["fails"])
        except RuntimeError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=load, args=(wait,)) for wait in (False, True, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(outcomes)
