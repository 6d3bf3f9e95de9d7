"""What a record is about, in words."""

import ast

from django.apps import apps
from django.utils import translation

from competition import record_names, workflow
from ledger import actions
from tests.architecture.test_house import ours


def literal_kinds(tree) -> set[str]:
    """Of `subject=f"kind:…"`, also in a dictionary, and of what is told to `note_change`."""
    found = set()
    for node in ast.walk(tree):
        pairs = []
        if isinstance(node, ast.Call):
            pairs = [(word.arg, word.value) for word in node.keywords]
            if getattr(node.func, "id", "") == "note_change":
                found.add(node.args[0].value)
        elif isinstance(node, ast.Dict):
            pairs = [(getattr(key, "value", ""), value) for key, value in zip(node.keys, node.values, strict=True)]
        for name, value in pairs:
            for part in ast.walk(value) if name == "subject" else ():
                if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                    found.add(part.values[0].value.partition(":")[0])
    return found


def drafted_kinds(tree) -> set[str]:
    """Of `write_down`, which names a row by its model: the models of the actions in that file."""
    if not any(isinstance(node, ast.ImportFrom) and "write_down" in {one.name for one in node.names} for node in ast.walk(tree)):
        return set()
    models = {model._meta.model_name for app in ("competition", "evaluations") for model in apps.get_app_config(app).get_models()}
    nouns = {
        node.value.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in actions.registered()
    }
    return {noun if noun in models else next(name for name in sorted(models) if name.startswith(noun)) for noun in nouns}


def test_every_kind_of_subject_that_is_recorded_has_a_name_in_both_languages():
    kinds = {kind.kind for kind in workflow.kinds()}
    for path in ours():
        tree = ast.parse(path.read_text())
        kinds |= literal_kinds(tree) | drafted_kinds(tree)
    assert {"user", "token", "year", "cluster", "advancementrule", "scheme", "evaluator", "registration"} <= kinds  # each way is seen
    assert kinds - set(record_names.labels()) == set()
    for kind in kinds:
        with translation.override("en"):
            english = str(record_names.labels()[kind])
        with translation.override("zh-hans"):
            assert english.isascii() and not str(record_names.labels()[kind]).isascii()
