# The shell at a pseudo-terminal: lines are edited, history and completion work, errors keep the session.
import os
import re
import select
import subprocess
import sys
import tempfile

CONTROL = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])|\r")


def session(arguments, *keys):
    control, terminal = os.openpty()
    with tempfile.TemporaryDirectory() as home:
        environment = {"TERM": "xterm-256color", "HOME": home, "PYTHON_HISTORY": home + "/history", "PATH": os.environ["PATH"]}
        environment |= {name: value for name, value in os.environ.items() if name.startswith("BREDLI")}
        command = [sys.executable, "-q", *arguments]
        shell = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True)
        os.close(terminal)
        screen = ""
        for key in [None, *keys]:
            if key is not None:
                os.write(control, key)
            # The end of what one key shows is a prompt, which is followed by the cursor's coming back.
            while select.select([control], [], [], 30 if key is None and ">>>" not in screen else 0.5)[0]:
                try:
                    screen += os.read(control, 4096).decode()
                except OSError:
                    break
        try:
            print("status", shell.wait(5))
        except subprocess.TimeoutExpired:
            shell.kill()
            print("no end", repr(screen))
    os.close(control)
    for line in CONTROL.sub("", screen).split("\n"):
        if not re.search(r"^.*(>>>|\.\.\.) ?", line) and line.strip():
            print("   ", line)


# A value, `_`, a definition of two lines that is indented by the shell, a call.
session([], b"40 + 2\r", b"_ * 2\r", b"def twice(x):\r", b"return x * 2\r\r", b"twice(21)\r", b"exit\r")
# The line before comes back and is changed; Ctrl-C gives a line up.
session([], b"'left' + 'right'\r", b"\x1b[A\x01\x1b[C!\r", b"\x1b[A\x1b[A\r", b"raise(\x03", b"1 / 0\r", b"'on'\r", b"\x04")
# Names are completed.
session([], b"only_one = 'completed'\r", b"only_\t", b"\r", b"\x04")
# What is pasted is run as a whole.
session([], b"\x1b[200~for i in range(2):\r    print('pasted', i)\r\r\x1b[201~", b"\r", b"exit(3)\r")
# After a program.
session(["-i", "-c", "value = 'kept'"], b"value\r", b"exit()\r")
