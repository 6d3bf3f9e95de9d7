"""Points over a figure: the picture of a scoring function while it is written."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competition.documents.charts import svg
from competition.documents.charts.svg import AXIS, IN, element, number

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 150, 40, 12, 12, 26


def curve(points: Sequence[tuple[float, float]], most: float) -> SafeString:
    """`points`: (figure, points), figures ascending; `most`: the full points."""
    low, high = points[0][0], points[-1][0]

    def at(figure, value):
        x = LEFT + (WIDTH - LEFT - RIGHT) * ((figure - low) / (high - low) if high > low else 0.5)
        return f"{number(x)},{number(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most)}"

    content = [
        svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "c-axis", AXIS),
        svg.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "c-axis", AXIS),
        element("polyline", class_="c-in", fill="none", stroke=IN, stroke_width=2, points=" ".join(at(*point) for point in points)),
    ]
    texts = ((LEFT - 6, TOP + 4, most, "end"), (LEFT - 6, HEIGHT - BOTTOM, 0, "end"), (LEFT, HEIGHT - 8, low, "start"))
    for x, y, value, anchor in (*texts, (WIDTH - RIGHT, HEIGHT - 8, high, "end")):
        content.append(svg.text(x, y, f"{value:.10g}", size=11, anchor=anchor))
    return svg.drawing(WIDTH, HEIGHT, content, _("Points over the figure"), cls="curve")
