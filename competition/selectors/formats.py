"""Competition formats as files: what a new competition can begin from."""

from copy import deepcopy
from functools import lru_cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "formats"
DEFAULT = "default"


@lru_cache
def _read(name: str) -> dict:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def read_format(name: str = DEFAULT) -> dict:
    """The format with the form, rubric and scheme that its rounds name put in their place; a copy to do with as one likes."""
    content = deepcopy(_read(name))
    rubrics, schemes = content.pop("rubrics"), content.pop("schemes")
    for row in content["rounds"]:
        row["form"] = deepcopy(_read(row["form"]))
        row["rubric"] = deepcopy(rubrics[row["rubric"]])
        row["scheme"] = deepcopy(schemes[row["scheme"]])
    return content
