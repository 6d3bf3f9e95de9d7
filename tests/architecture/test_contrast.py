"""The pairs of colours that the components use, light and dark: text at least 4.5 : 1, marks and borders of controls 3 : 1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
LIGHT, REST = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
DARK = REST.split("[data-density")[0]


def colours(source):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", source))


THEMES = {"light": colours(LIGHT), "dark": {**colours(LIGHT), **colours(DARK)}}

TEXT = [(f, b) for b in ("paper", "surface", "sunken", "hover") for f in ("ink", "ink-2", "ink-3", "brand", "seal")]
TEXT += [("on-bar", "bar"), ("on-bar-2", "bar"), ("on-bar", "bar-2"), ("on-bar-2", "bar-2"), ("on-brand", "brand")]
TEXT += [("on-brand", "brand-strong"), ("on-seal", "seal"), ("brand", "brand-soft"), ("brand-strong", "brand-soft")]
TEXT += [("seal", "seal-soft"), ("reserve", "reserve-soft"), ("reserve", "surface"), ("out", "out-soft"), ("out", "surface")]
TEXT += [(s, f"{s}-soft") for s in ("ok", "warn", "err", "info")] + [(s, "surface") for s in ("ok", "warn", "err", "info")]
TEXT += [("ink", f"{s}-soft") for s in ("ok", "warn", "err", "info", "seal", "brand")] + [("surface", "err")]
TEXT += [("on-seq-low", f"seq-{k}") for k in (0, 1, 2)] + [("on-seq-high", f"seq-{k}") for k in (3, 4)]
MARK = [("control", "surface"), ("control", "paper"), ("reserve-mark", "surface"), ("in", "surface"), ("seal", "surface")]
MARK += [("focus", "surface"), ("focus", "paper"), ("focus-on-bar", "bar"), ("brand-mid", "surface"), ("field-gate", "bar")]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3.0, MARK)], ids=["text", "marks"])
def test_contrast(theme, least, pairs):
    tokens = THEMES[theme]
    weak = {pair: round(ratio(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs if ratio(tokens[pair[0]], tokens[pair[1]]) < least}
    assert weak == {}


def test_colours_stand_in_the_tokens_only():
    """Component sheets use names; the sheets for paper have their own fixed inks."""
    loud = {}
    for sheet in CSS.glob("*.css"):
        if sheet.name != "tokens.css":
            found = re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S))
            if found:
                loud[sheet.name] = found
    assert loud == {}


def test_every_name_that_a_sheet_uses_is_a_token():
    known = set(re.findall(r"--([\w-]+)\s*:", (CSS / "tokens.css").read_text()))
    for sheet in CSS.glob("*.css"):
        assert set(re.findall(r"var\(--([\w-]+)", sheet.read_text())) <= known, sheet.name
