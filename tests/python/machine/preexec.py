# subprocess calls preexec_fn in the child, between setting up descriptors and executing the program.
import os
import subprocess
import sys


def prepare():
    os.environ["UNSEEN"] = "1"
    os.write(1, b"in the child\n")
    os.umask(0o077)


code = "import os; print(oct(os.umask(0)), 'UNSEEN' in os.environ)"
print(subprocess.run([sys.executable, "-c", code], preexec_fn=prepare, stdout=subprocess.PIPE, text=True).stdout)
try:
    subprocess.Popen([sys.executable, "-c", ""], preexec_fn=lambda: 1 / 0)
except subprocess.SubprocessError as error:
    print(error)
try:
    subprocess.Popen(["/nonexistent"], preexec_fn=prepare, stdout=subprocess.DEVNULL)
except OSError as error:
    print(error)
