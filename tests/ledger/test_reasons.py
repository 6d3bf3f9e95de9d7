import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

# By other names: makemessages takes nothing from here.
from django.utils.translation import gettext_lazy as word
from django.utils.translation import ngettext_lazy as words

from ledger import reasons
from ledger.domain.reason import Reason

APPS = ["ledger", "jobs", "accounts", "competition", "evaluations", "config"]
ROOT = Path(settings.BASE_DIR)
FILES = {app: [path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts] for app in APPS}


def carriers(tree: ast.AST) -> dict[str, int]:
    """Classes that are made with a reason's code, and its place among their fields."""
    found = {"Reason": 0}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            fields = [part.target.id for part in node.body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)]
            if "code" in fields:
                found[node.name] = fields.index("code")
    return found


def literals(node: ast.AST) -> list[str | tuple[str, str]]:
    """A code, both of a conditional, or head and tail of an f-string; nothing for what is only known when it runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.JoinedStr):
        ends = [part.value if isinstance(part, ast.Constant) else "" for part in (node.values[0], node.values[-1])]
        return [(ends[0], ends[1])]
    return []


def raised(source: str, known: dict[str, int]) -> list[tuple[int, str | tuple[str, str], set[str] | None]]:
    """(line, code, names of its params if they stand there) of every reason that is made in `source`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in known:
            continue
        words = {word.arg: word.value for word in node.keywords}
        given = words.get("code") or (node.args[known[name]] if len(node.args) > known[name] else None)
        for code in literals(given) if given is not None else []:
            if name != "Reason" and (isinstance(code, tuple) or code.split(".")[0] not in APPS):
                continue  # another thing's code: a criterion's, a region's
            params = words.get("params") or (node.args[1] if name == "Reason" and len(node.args) > 1 else None)
            names: set[str] | None = set() if params is None and name == "Reason" else None
            if isinstance(params, ast.Dict) and all(isinstance(key, ast.Constant) for key in params.keys):
                names = {key.value for key in params.keys}
            found.append((node.lineno, code, names))
    return found


def faults(source: str, known: dict[str, int]) -> list[str]:
    texts, found = reasons.registered(), []
    for line, code, names in raised(source, known):
        if isinstance(code, tuple):
            if not any(text.startswith(code[0]) and text.endswith(code[1]) for text in texts):
                found.append(f"{line}: no text for {code[0]}…{code[1]}")
        elif code not in texts:
            found.append(f"{line}: no text for {code}")
        elif names is not None:
            try:
                reasons.say(Reason(code, dict.fromkeys(names, 1)))
            except KeyError as missing:
                found.append(f"{line}: the text of {code} needs {missing}")
    return found


@pytest.fixture(scope="module")
def known():
    found = {}
    for path in (path for paths in FILES.values() for path in paths):
        found |= carriers(ast.parse(path.read_text()))
    return found


@pytest.mark.parametrize("app", APPS)
def test_every_code_that_is_raised_has_a_text_and_its_params(app, known):
    found = [f"{path.relative_to(ROOT)}:{fault}" for path in FILES[app] for fault in faults(path.read_text(), known)]
    assert "\n".join(found) == ""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Reason('ledger.seal_missing', {'seal': 1})", []),
        ("Reason('ledger.seal_missing', {**place})", []),
        ("Reason('ledger.seal_missing', {})", ["1: the text of ledger.seal_missing needs 'seal'"]),
        ("Reason('ledger.seal_missing')", ["1: the text of ledger.seal_missing needs 'seal'"]),
        ("Reason('ledger.nothing')", ["1: no text for ledger.nothing"]),
        ("domain.Reason(code='nothing')", ["1: no text for nothing"]),
        ("Reason('ledger.a' if x else 'ledger.b')", ["1: no text for ledger.a", "1: no text for ledger.b"]),
        ("Reason(f'ledger.seal_{x}')", []),
        ("Reason(f'ledger.sea1_{x}')", ["1: no text for ledger.sea1_…"]),
        ("Holds('fact', 'ledger.nothing')", ["1: no text for ledger.nothing"]),
        ("Holds('fact', 'K1')", []),
    ],
)
def test_the_search_finds(source, found):
    assert faults(source, {"Reason": 0, "Holds": 1}) == found


@pytest.fixture
def registered():
    texts = {
        "test.mark_low": word("Open"),
        "test.seats_open": words("%(count)d seat of %(who)s", "%(count)d seats of %(who)s", "count"),
        "test.share_wrong": word("%(share)s %% of %(codes)s"),
    }
    reasons.register(texts)
    yield texts
    for code in texts:
        del reasons._texts[code]


def test_a_reason_is_said_in_the_language_under_way(registered):
    reason = Reason("ledger.seal_missing", {"seal": 7})
    with translation.override("en"):
        assert reasons.say(reason) == "Seal 7 is missing."
    with translation.override("zh-hans"):
        assert reasons.say(reason) == "缺少第 7 号封存。"


def test_numbers_and_lists_are_put_into_words(registered):
    with translation.override("en"):
        assert reasons.say(Reason("test.seats_open", {"count": 1, "who": "A"})) == "1 seat of A"
        assert reasons.say(Reason("test.seats_open", {"count": 3, "who": None})) == "3 seats of "
        assert reasons.say(Reason("test.share_wrong", {"share": 7, "codes": ["a", ["b", "c"]]})) == "7 % of a, b, c"
    with translation.override("zh-hans"):
        assert reasons.say(Reason("test.share_wrong", {"share": 7, "codes": ["a", "b"]})) == "7 % of a、b"


def test_an_unknown_code_and_a_missing_param_are_faults(registered):
    with pytest.raises(reasons.UnknownReason, match=r"test\.nothing"):
        reasons.say(Reason("test.nothing"))
    with pytest.raises(KeyError, match="seal"):
        reasons.say(Reason("ledger.seal_missing"))


def test_a_code_has_one_text(registered):
    with pytest.raises(ValueError, match="test.mark_low is registered twice"):
        reasons.register({"test.mark_low": "Other"})
