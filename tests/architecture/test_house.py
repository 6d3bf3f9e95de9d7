"""The rules of docs/architecture.md that a machine can check."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = ["ledger", "jobs", "accounts", "competition", "evaluations", "config"]  # lowest first


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would take, so that a new one is seen before it is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
        return sorted(path for path in (ROOT / name for name in names) if path.is_file())
    return sorted(path for pattern in patterns for path in ROOT.rglob(pattern) if not {".venv", "var"} & set(path.parts))


def ours(*floors: str) -> list[Path]:
    """Python files of the house itself, without tests and migrations."""
    floors = floors or tuple(FLOORS)
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in floors and "migrations" not in path.parts]


def shown(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_there_is_something_to_look_at():
    assert len(ours()) > 50


def test_no_foreign_key_points_upward():
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in FLOORS:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            if target in FLOORS and FLOORS.index(target) > FLOORS.index(model._meta.app_label):
                upward.append(f"{model._meta.label}.{field.name} -> {target}")
    assert upward == []


def state_writes(tree: ast.AST) -> list[int]:
    """Lines that assign to an attribute `state`, or write a field of that name through a queryset."""
    lines = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])]
        lines += [part.lineno for part in flat if isinstance(part, ast.Attribute) and part.attr == "state"]
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"update", "aupdate"} and any(word.arg == "state" for word in node.keywords):
                lines.append(node.lineno)
            if name == "setattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value == "state":
                lines.append(node.lineno)
            if name == "bulk_update" and any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node)):
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("entry.state = 'a'", 1),
        ("a.state, b = 1, 2", 1),
        ("q.filter(state='a').update(state='b')", 1),
        ("q.bulk_update(rows, ['state'])", 1),
        ("setattr(x, 'state', 1)", 1),
        ("q.filter(state='a').update(rank=1)", 0),
        ("x = entry.state", 0),
    ],
)
def test_the_search_for_state_writes_finds_them(source, found):
    assert len(state_writes(ast.parse(source))) == found


def test_only_the_workflow_writes_state():
    allowed = ROOT / "competition" / "workflow.py"
    written = [
        shown(path, line)
        for path in ours("competition", "evaluations")
        if path != allowed
        for line in state_writes(ast.parse(path.read_text()))
    ]
    assert written == []


WRITING = {"save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def database_writes(tree: ast.AST) -> list[int]:
    """Calls that write: `x.save()` of anything, and `….objects.create()` and its kin; a dict's `update` is none."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            through_manager = any(
                isinstance(part, ast.Attribute) and part.attr in {"objects", "_base_manager"} for part in ast.walk(node.func.value)
            )
            if through_manager or node.func.attr in {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}:
                lines.append(node.lineno)
    return lines


def test_forms_and_serializers_never_save():
    floors = [path for path in ours() if {"forms", "api", "serializers"} & {*path.relative_to(ROOT).parts[1:-1], path.stem}]
    saved = [shown(path, line) for path in floors for line in database_writes(ast.parse(path.read_text()))]
    assert saved == []
    assert database_writes(ast.parse("form.save(); Entry.objects.filter(id=1).update(rank=2); values.update(a=1)")) == [1, 1]


def test_views_and_tasks_write_through_services():
    floors = [path for path in ours() if {"views", "tasks", "admin"} & {*path.relative_to(ROOT).parts[1:-1], path.stem}]
    written = [shown(path, line) for path in floors for line in database_writes(ast.parse(path.read_text()))]
    assert written == []


def test_models_have_no_verbs():
    """No `save` of our own on a model but where rows may never change (ledger)."""
    own = []
    for path in ours("jobs", "accounts", "competition", "evaluations"):
        if "models" in {*path.relative_to(ROOT).parts[1:-1], path.stem}:
            own += [
                shown(path, node.lineno)
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
            ]
    assert own == []


def test_names_hold_for_one_thing():
    forbidden = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}
    named = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py", "*.js", "*.css")
        if forbidden & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert named == []


def test_migrations_import_nothing_of_ours():
    imported = []
    for path in tracked("*/migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [name.name for name in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            imported += [shown(path, node.lineno) for module in modules if module.split(".")[0] in FLOORS]
    assert imported == []


CLOCK = re.compile(r"\b(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|time\.time|localdate|random\.(?!Random\b))")


def test_the_domain_reads_no_clock_and_throws_no_dice():
    read = [
        shown(path, number)
        for path in ours()
        if "domain" in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CLOCK.search(line)
    ]
    assert read == []


INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|<style\b|\sstyle=|\son[a-z]+=["']|javascript:""", re.IGNORECASE
)


def test_templates_keep_the_content_security_policy():
    """Documents may carry style (they become PDF); pages may not, nor inline script."""
    folders = ("templates/documents/", "templates/emails/")
    inline = [
        shown(path, number)
        for path in tracked("*.html")
        if not str(path.relative_to(ROOT)).startswith(folders)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    ]
    assert inline == []
    assert INLINE.search('<p style="color:red">') and INLINE.search("<script>x()</script>") and INLINE.search('<a onclick="x()">')
    assert not INLINE.search('<script type="module" src="a.js">')


def test_nothing_is_fetched_from_elsewhere():
    """No page, style or script names another host: it works in a hall without a network."""
    outside = re.compile(r"""(?:src|href|@import|url\()\s*[=(]?\s*["']?(?:https?:)?//""", re.IGNORECASE)
    named = [
        shown(path, number)
        for path in tracked("templates/*.html", "static/*.css", "static/js/*.js")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if outside.search(line)
    ]
    assert named == []


REGISTRY = re.compile(r"(?:pypi|pythonhosted|registry\.npmjs|index-url|find-links)\b", re.IGNORECASE)
SPEAKS_OF_THEM = {"tests/architecture/test_house.py", "tests/architecture/test_commands.py"}
# They know the path under which any package index tells the facts of a release, and no host.
HOST = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|index-url|find-links", re.IGNORECASE)
KNOW_A_PATH = {"scripts/components.py", "tests/config/test_components.py"}


def test_no_file_names_a_package_registry():
    named = []
    for path in tracked("*"):
        name = str(path.relative_to(ROOT))
        if name in SPEAKS_OF_THEM or path.suffix in {".png", ".pdf", ".woff2", ".ico", ".mo"}:
            continue
        named += [
            shown(path, number)
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
            if (HOST if name in KNOW_A_PATH else REGISTRY).search(line)
        ]
    assert named == []


def test_no_file_names_a_machine():
    private = re.compile(r"/work/(?:shared|main)|/opt/saima|/tmp/h/|/root/\.")
    named = []
    for path in tracked("*.py", "*.md", "*.toml", "*.html", "*.js", "*.css", "*.yml", "*.yaml", "*.po", "Makefile", "scripts/*", ".ci/*"):
        if path != Path(__file__):
            named += [shown(path, number) for number, line in enumerate(path.read_text().splitlines(), 1) if private.search(line)]
    assert named == []
