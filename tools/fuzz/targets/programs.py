"""Programs: all that they note, and how their exceptions are shown."""

import _programs
import _running


def case(random):
    source = _programs.program(random)
    return source, repr(_running.outcome(source))
