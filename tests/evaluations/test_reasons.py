"""Each reason that the scoring gives has its words."""

import ast
import re
from pathlib import Path

import evaluations.domain
from evaluations.domain.assignment import GROUNDS
from ledger.reasons import registered

# Calls that make a code of a prefix and one of their arguments: (name of the call, which argument).
JOINED = {("fault", 0): "scheme_", ("_refuse", 2): "file_"}


def codes():
    for path in Path(evaluations.domain.__path__[0]).glob("*.py"):
        source = path.read_text()
        yield from re.findall(r'"(evaluations\.[a-z_]*[a-z])"', source)
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
                for (joined, place), prefix in JOINED.items():
                    if name == joined and len(call.args) > place and isinstance(call.args[place], ast.Constant):
                        yield f"evaluations.{prefix}{call.args[place].value}"
    yield from (f"evaluations.assignment_excluded_{ground}" for ground in GROUNDS)
    yield from (f"evaluations.entry_{kind}_below_threshold" for kind in ("total", "dimension", "criterion"))
    yield from (f"evaluations.mark_{fault}" for fault in ("on_metric", "out_of_bounds", "off_step", "twice"))


def test_every_reason_of_the_domain_has_words():
    found = set(codes())
    assert len(found) > 70
    assert sorted(found - set(registered())) == []
