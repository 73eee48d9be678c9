# termios and tty on a pseudo-terminal.
import os
import termios
import tty


def attempt(function, *args):
    try:
        print(function.__name__, function(*args))
    except Exception as error:
        print(function.__name__, type(error).__name__, *error.args)


control, terminal = os.openpty()
settings = termios.tcgetattr(terminal)
print(len(settings), [type(item).__name__ for item in settings], settings[6][:8])
print(settings[3] & termios.ECHO != 0, settings[4] == termios.B38400)

attempt(termios.tcsetattr, terminal, termios.TCSANOW, settings[:6])
attempt(termios.tcsetattr, terminal, termios.TCSANOW, settings[:6] + [[b"a"]])
attempt(termios.tcsetattr, terminal, termios.TCSANOW, settings[:6] + [settings[6][:-1] + [b"ab"]])
attempt(termios.tcsetattr, terminal, termios.TCSANOW, ["a"] + settings[1:])
attempt(termios.tcsetattr, terminal, termios.TCSANOW, [2**70] + settings[1:])
attempt(termios.tcsetattr, terminal, 77, settings)
attempt(termios.tcgetattr, "a")
attempt(termios.tcgetattr, -1)
attempt(termios.tcgetattr, 999)
attempt(termios.tcflush, terminal, 99)
attempt(termios.tcflow, terminal, 99)
attempt(termios.tcsendbreak, terminal, 0)
attempt(termios.tcdrain, terminal)

for size in (3,), 3, (3, -4), (3, 70_000), (3, 2**70), (3, "a"), [24, 80]:
    attempt(termios.tcsetwinsize, terminal, size)
attempt(termios.tcgetwinsize, terminal)
print(os.get_terminal_size(terminal))

before = tty.setraw(terminal)
print(before == settings)
raw = termios.tcgetattr(terminal)
print(raw[3] & (termios.ECHO | termios.ICANON | termios.ISIG), raw[6][termios.VMIN], raw[6][termios.VTIME])
os.write(control, b"\x03a\r")
print(os.read(terminal, 10))
raw[4] = raw[5] = termios.B9600
termios.tcsetattr(terminal, termios.TCSANOW, raw)
print(termios.tcgetattr(terminal)[4] == termios.B9600)
termios.tcsetattr(terminal, termios.TCSADRAIN, settings)
print(termios.tcgetattr(terminal)[:4] == settings[:4])
print(issubclass(termios.error, OSError), termios.error.__mro__[1])
