"""No address of the API signs, releases, gives a role, makes a key or changes a rule: what does so is not within its reach."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Services that need a fresh second factor or a second person, that hand out rights, or that change what is judged by.
OUT_OF_REACH = {
    "accounts.services.factor",
    "accounts.services.invitation",
    "accounts.services.membership",
    "accounts.services.profile",
    "accounts.services.sessions",
    "accounts.services.sign_up",
    "competition.services.competitions",
    "competition.services.drafting",
    "competition.services.quotas",
    "competition.services.release",
    "competition.services.rules",
    "competition.services.signatures",
    "competition.services.webhooks",
    "evaluations.services.rubrics",
}
VERBS_OUT_OF_REACH = {"make_token", "end_token", "sign_release", "reopen_round", "give_role", "end_role", "set_feeders", "edit_round"}


def reached(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found | {name.rpartition(".")[2] for name in found}


def test_the_api_reaches_nothing_that_releases_or_gives_rights():
    files = sorted(ROOT.glob("*/api/*.py"))
    assert len(files) > 15
    beyond = {str(path.relative_to(ROOT)): reached(ast.parse(path.read_text())) & (OUT_OF_REACH | VERBS_OUT_OF_REACH) for path in files}
    assert {name: found for name, found in beyond.items() if found} == {}
    assert reached(ast.parse("from competition.services import release")) & OUT_OF_REACH == {"competition.services.release"}
    assert reached(ast.parse("services.sign_release(x)")) & VERBS_OUT_OF_REACH == {"sign_release"}
