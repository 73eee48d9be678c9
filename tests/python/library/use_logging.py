"""Loggers, levels, handlers, formatters, filters and exceptions in records."""

import io
import logging

out = io.StringIO()
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter("{levelname:8}|{name}|{message}", style="{"))
top = logging.getLogger("app")
top.setLevel(logging.INFO)
top.addHandler(handler)
top.propagate = False
child = logging.getLogger("app.part")
child.debug("hidden")
child.info("value %d of %s", 3, "x")
child.warning("mapping %(a)s", {"a": 1})
child.setLevel(logging.DEBUG)
child.debug("shown", extra={"more": 1})
handler.addFilter(lambda record: "secret" not in record.getMessage())
top.error("a secret")
try:
    {}["k"]
except KeyError:
    top.exception("failed")
top.log(35, "between")
logging.addLevelName(35, "NOTICE")
top.log(35, "named")
print("\n".join(line for line in out.getvalue().splitlines() if "File" not in line))
print(child.getEffectiveLevel(), child.isEnabledFor(10), logging.getLevelName("ERROR"), child, logging.getLogger("app") is top)
