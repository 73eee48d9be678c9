"""A bar chart of ratios as a self-contained SVG, for light and dark pages."""
import math
from xml.sax.saxutils import escape

WIDTH, LABELS, RIGHT, BAR, GAP, TOP = 760, 190, 56, 11, 6, 58
# The first interpreter has a colour of its own for what is slower than the reference.
COLOURS = ["#2a9d8f", "#5b7fd4", "#a06cd5", "#c2a83e"]
SLOWER = "#e07a3f"
STYLE = """text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px } .mean { font-weight: 600 } .value { font-size: 11px; fill: #57606a }
.grid { stroke: #d0d7de } .one { stroke: #57606a; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .value { fill: #9198a1 } .grid { stroke: #3d444d } .one { stroke: #9198a1 }
}"""


def bars(title, names, rows):
    """ROWS are (label, one ratio or None for each of NAMES); the scale is logarithmic, and bars start at 1. The first row is the mean."""
    ratios = [ratio for _, row in rows for ratio in row if ratio]
    low, high = math.log2(min(ratios + [0.9])) - 0.1, math.log2(max(ratios + [1.1])) + 0.1
    height = TOP + sum(len(names) * BAR + GAP for _ in rows) + 8

    def x(ratio):
        return LABELS + (math.log2(ratio) - low) / (high - low) * (WIDTH - LABELS - RIGHT)

    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">' % (WIDTH, height, WIDTH, height)
    yield "<title>%s</title><style>%s</style>" % (escape(title), STYLE)
    yield '<text class="title" x="8" y="20">%s</text>' % escape(title)
    if len(names) > 1:
        for index, name in enumerate(names):
            place = LABELS + 110 * index
            yield '<rect x="%d" y="29" width="10" height="10" fill="%s"/>' % (place, COLOURS[index % len(COLOURS)])
            yield '<text class="value" x="%d" y="38">%s</text>' % (place + 14, escape(name))
    for power in range(math.ceil(low), math.floor(high) + 1):
        place, kind = x(2.0 ** power), "one" if power == 0 else "grid"
        yield '<line class="%s" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>' % (kind, place, TOP - 4, place, height - 4)
        yield '<text class="value" text-anchor="middle" x="%.1f" y="%d">%g×</text>' % (place, TOP - 8, 2.0 ** power)
    top = TOP
    for number, (label, row) in enumerate(rows):
        middle = top + len(names) * BAR / 2 + 4
        yield '<text%s text-anchor="end" x="%d" y="%.1f">%s</text>' % (
            ' class="mean"' if number == 0 else "", LABELS - 46, middle, escape(label))
        for index, ratio in enumerate(row):
            if ratio:
                colour = SLOWER if len(names) == 1 and ratio < 1 else COLOURS[index % len(COLOURS)]
                left, right = sorted((x(1), x(ratio)))
                yield '<rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="1.5" fill="%s"/>' % (left, top, right - left, BAR - 1, colour)
                yield '<text class="value"%s x="%.1f" y="%.1f">%.2f</text>' % (
                    ' text-anchor="end"' if ratio < 1 else "", left - 4 if ratio < 1 else right + 4, top + BAR - 2, ratio)
            top += BAR
        top += GAP
    yield "</svg>"
