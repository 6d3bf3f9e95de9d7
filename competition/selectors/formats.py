"""Competition formats as files: what a new competition can begin from."""

from copy import deepcopy
from functools import lru_cache
from pathlib import Path

import yaml

from competition.domain.formats import check_format, malformed

FOLDER = Path(__file__).resolve().parent.parent / "formats"
DEFAULT = "default"
FORM = "_form"  # how the name of a file ends that holds a form and no competition


def names() -> list[str]:
    """Of every format, the default first."""
    found = sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.endswith(FORM))
    return sorted(found, key=lambda name: name != DEFAULT)


def offered(language: str) -> list[tuple[str, str]]:
    """Each format with its name in `language`, as what a new competition may begin from."""
    return [(name, _read(name)["name"]["zh" if language.startswith("zh") else "en"]) for name in names()]


@lru_cache
def _read(name: str) -> dict:
    return load(FOLDER / f"{name}.yaml")


def load(path: Path) -> dict:
    """`Refused` for a file that is no YAML, with the line."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise malformed(path.name, f"line {mark.line + 1}" if mark else "format", getattr(error, "problem", None) or "no YAML") from error


@lru_cache
def _checked(name: str) -> dict:
    return resolved(_read(name), file=f"{name}.yaml")


def resolved(data, *, file: str) -> dict:
    """A format with the form, rubric and scheme that its rounds name put in their place, once it is checked. What it does not define
    itself under a name is the default format's; a round that takes nothing in has the form of the round before."""
    if isinstance(data, dict):
        shared = _read(DEFAULT)
        data = data | {part: shared[part] | (data.get(part) or {}) for part in ("rubrics", "schemes")}
    check_format(data, {path.stem: _read(path.stem) for path in FOLDER.glob(f"*{FORM}.yaml")}, file=file)
    content = {name: value for name, value in data.items() if name not in ("rubrics", "schemes")} | {"rounds": []}
    form = None
    for row in data["rounds"]:
        form = row.get("form", form)
        made = row | {"form": _read(form)}
        for part, known in (("rubric", data["rubrics"]), ("scheme", data["schemes"])):
            if part in row:
                made[part] = known[row[part]]
        content["rounds"].append(made)
    return content


def read_format(name: str = DEFAULT) -> dict:
    """A copy to do with as one likes; of a formal check the round has no scheme, of a vote neither rubric nor scheme."""
    return deepcopy(_checked(name))
