"""The pen: SVG elements with a class for the screen and attribute colours for print. No style attribute, no script, no id,
so that one drawing serves page and PDF and the same values give the same bytes."""

import unicodedata
from collections.abc import Iterable

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

INK, INK_2, INK_3 = "#142220", "#3e4d4b", "#566462"
GRID, BAND, AXIS, PAPER = "#e6ebea", "#f1f6f6", "#d5dddb", "#ffffff"
IN, RESERVE, OUT, SEAL, MID, SOFT = "#0d5566", "#b27a16", "#8c9997", "#c0391f", "#5f97a2", "#dfedef"
RESERVE_TEXT = "#84560a"
SEQUENCE = ("#e9eeed", "#bfdade", "#86b6bf", "#337a88", "#0d5566")
FONT = "Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"

# outcome → (class, stroke in print, fill of a dot in print, edge of a dot in print)
MARKS = {
    "in": ("c-in", IN, IN, PAPER),
    "reserve": ("c-reserve", RESERVE, RESERVE, PAPER),
    "out": ("c-out", OUT, PAPER, OUT),
}


def number(value) -> str:
    """Coordinates to a tenth, without a trailing zero."""
    return f"{float(value):.1f}".removesuffix(".0")


def attributes(pairs: dict) -> str:
    """Underscores become hyphens; None is left out."""
    return "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in pairs.items() if value is not None)


def element(name: str, content: str | Iterable[str] = (), **pairs) -> SafeString:
    """`content` is already SVG."""
    inner = content if isinstance(content, str) else "".join(content)
    return mark_safe(f"<{name}{attributes(pairs)}>{inner}</{name}>" if inner else f"<{name}{attributes(pairs)}/>")  # noqa: S308


# On a phone the words of a lane stand above it.
STACKED_WIDTH, STACKED_HEIGHT = 340, 46
STACKED_AT = (17, 33)  # of the words and of the lane, from the top of the row


def drawing(width, height, content: Iterable[str], title, desc="", cls="", **pairs) -> SafeString:
    """The whole picture. `title` names it, `desc` says what to see; both are read aloud."""
    head = [element("title", escape(title))] + ([element("desc", escape(desc))] if desc else [])
    return element(
        "svg",
        [*head, *content],
        class_=cls or None,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        font_family=FONT,
        **pairs,
    )


def room(words, size=13) -> float:
    """About how wide these words are drawn, rather too much than too little."""
    return size * sum(1 if unicodedata.east_asian_width(letter) in "WF" else 0.58 for letter in str(words))


def text(x, y, words, size=13, cls="c-text-2", fill=INK_2, anchor="start", strong=False) -> SafeString:
    return element(
        "text",
        escape(str(words)),
        class_=cls,
        x=number(x),
        y=number(y),
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight="bold" if strong else None,
    )


def line(x1, y1, x2, y2, cls, stroke, width=1, dash=None, opacity=None) -> SafeString:
    ends = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
    return element("line", class_=cls, **ends, stroke=stroke, stroke_width=width, stroke_dasharray=dash, opacity=opacity)


def rect(x, y, width, height, cls, fill, rx=None, **pairs) -> SafeString:
    size = {"width": number(max(width, 0)), "height": number(max(height, 0))}
    return element("rect", class_=cls, x=number(x), y=number(y), **size, fill=fill, rx=rx, **pairs)


def dot(x, y, r, cls, fill, stroke=PAPER, width=2) -> SafeString:
    return element("circle", class_=cls, cx=number(x), cy=number(y), r=r, fill=fill, stroke=stroke, stroke_width=width)


def path(d, cls, stroke, width=1, **pairs) -> SafeString:
    return element("path", class_=cls, d=d, fill="none", stroke=stroke, stroke_width=width, **pairs)


def group(content: Iterable[str], title="", cls=None) -> SafeString:
    return element("g", [element("title", escape(title)) if title else "", *content], class_=cls)


def reads_as_number(value) -> bool:
    return value is not None and (not isinstance(value, str) or value[:1] in set("0123456789+−"))


def table(caption, heads, rows) -> SafeString:
    """The table beside a chart. `heads`: texts; `rows`: sequences whose first cell heads the row; numbers stand right."""

    def cell(value, n):
        name = "th" if n == 0 else "td"
        scope = mark_safe(' scope="row"') if n == 0 else ""
        right = mark_safe(' class="num"') if n and reads_as_number(value) else ""
        return format_html("<{}{}{}>{}</{}>", name, scope, right, "—" if value is None else value, name)

    numeric = [any(reads_as_number(row[n]) for row in rows) for n in range(len(heads))]
    columns = ((mark_safe(' class="num"') if n and numeric[n] else "", head) for n, head in enumerate(heads))
    body = ((mark_safe("".join(cell(value, n) for n, value in enumerate(row))),) for row in rows)  # noqa: S308
    return format_html(
        '<table class="table" data-density="compact"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        caption,
        format_html_join("", '<th scope="col"{}>{}</th>', columns),
        format_html_join("", "<tr>{}</tr>", body),
    )


def legend(items) -> SafeString:
    """List items of a `<ul class="legend">`; `items`: (small drawing in 24 × 12, words, class of the item)."""
    return format_html_join(
        "",
        '<li class="{}"><svg viewBox="0 0 24 12" aria-hidden="true">{}</svg>{}</li>',
        ((cls, mark_safe(sample), words) for sample, words, cls in items),  # noqa: S308
    )
