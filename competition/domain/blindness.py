"""A blind round: its evaluators read what was submitted and not by whom. An entry has a code there; of a form they see the fields that
name nobody."""

import hashlib
from collections.abc import Mapping

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
NAMING = ("credit_code",)  # kinds of field that always tell who applies
ENDINGS = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx")


def code_of(seed: str, entry) -> str:
    """Eight letters in two groups. It tells nothing of the entry while the round's seed is secret; afterwards everybody can check it."""
    number, letters = int.from_bytes(hashlib.sha256(f"{seed}|blind|{entry}".encode()).digest()[:16], "big"), ""
    for _ in range(8):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return f"{letters[:4]}-{letters[4:]}"


def identifying(field: Mapping) -> bool:
    return field["type"] in NAMING or bool(field.get("identifying"))


def anonymous(definition: Mapping) -> dict:
    """The definition without the fields that tell who applies; a section without any other falls away."""
    sections = [
        {**section, "fields": [field for field in section["fields"] if not identifying(field)]} for section in definition["sections"]
    ]
    return {**definition, "sections": [section for section in sections if section["fields"]]}


def without_sources(data: Mapping, definition: Mapping) -> dict:
    """The answers without the sources of figures, which name offices and towns."""
    tables = {field["code"] for section in definition["sections"] for field in section["fields"] if field["type"] == "table"}
    return {
        code: {item: {key: part for key, part in row.items() if key != "source"} for item, row in value.items()}
        if code in tables
        else value
        for code, value in data.items()
    }


def file_name(code: str, slot: str, number: int, name: str) -> str:
    """What a file is called to whoever may not know its own name."""
    ending = name.rpartition(".")[2].lower()
    return f"{code}-{slot}-{number}.{ending if ending in ENDINGS else 'bin'}"
