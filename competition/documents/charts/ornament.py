"""The only ornament: the race as lines that cross once and part. It carries no data."""

from django.utils.html import escape
from django.utils.safestring import SafeString

from competition.documents.charts.svg import IN, INK, PAPER, SEAL, element, path

CERTIFICATE = ((0, 3), (1, 0), (2, 4), (3, 1), (4, 6), (5, 2), (6, 5), (7, 7))
COVER = tuple(enumerate((3, 5, 0, 7, 1, 9, 2, 11, 4, 6, 10, 8)))


def crossing(pairs, width, height, *, thin, thick, colour, opacity) -> list[SafeString]:
    """One path per (place at the start, place at the end); the one that ends first is `thick` and in `colour`."""
    drawn = []
    for start, end in pairs:
        ya, yb = (height * (place + 0.5) / len(pairs) for place in (start, end))
        bend, arrive = width * 0.5, width * 0.8
        d = f"M0,{ya:.1f}H{width * 0.22:.1f}C{bend:.1f},{ya:.1f} {bend:.1f},{yb:.1f} {arrive:.1f},{yb:.1f}H{width}"
        first = end == 0
        drawn.append(path(d, "", colour if first else IN, thick if first else thin, opacity=1 if first else opacity))
    return drawn


def cover() -> SafeString:
    """210 × 297: a page of A4."""
    lanes = crossing(COVER, 210, 84, thin=0.5, thick=1.4, colour=SEAL, opacity=0.55)
    content = [
        element("rect", width=210, height=297, fill=PAPER),
        element("g", lanes, transform="translate(0,134)"),
        path("M168,128V224", "", INK, 0.6),
    ]
    return element("svg", content, class_="lines", viewBox="0 0 210 297", aria_hidden="true")


def certificate() -> SafeString:
    """297 × 210: the frame of a certificate with faint lanes at its foot."""
    lanes = crossing(CERTIFICATE, 268.6, 47, thin=0.35, thick=0.5, colour=IN, opacity=0.9)
    content = [
        element("rect", x=12, y=12, width=273, height=186, fill="none", stroke=IN, stroke_width=0.9),
        element("rect", x=14.2, y=14.2, width=268.6, height=181.6, fill="none", stroke=IN, stroke_width=0.25),
        element("g", lanes, transform="translate(14.2,146)", opacity=0.2),
        path("M118,68.5H179", "", SEAL, 0.7),
    ]
    return element("svg", content, class_="frame", viewBox="0 0 297 210", aria_hidden="true")


def demo_seal(letters: str) -> SafeString:
    """A red square with four characters, for demonstrations only; real seals are pressed by hand."""
    places = ((70, 46), (70, 86), (30, 46), (30, 86))
    words = [element("text", escape(letter), x=x, y=y) for letter, (x, y) in zip(letters, places, strict=False)]
    group = element("g", words, font_family="Noto Serif CJK SC", font_weight="bold", font_size=38, fill=SEAL, text_anchor="middle")
    square = element("rect", x=5, y=5, width=90, height=90, rx=4, fill="none", stroke=SEAL, stroke_width=6)
    return element("svg", [square, group], class_="seal demo-seal", viewBox="0 0 100 100", aria_hidden="true")
