"""Partners of a joint entry: what was typed about each, and what is wrong with it, by path (`parties.0.credit_code`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from competition.domain.forms import clean_text, field_faults
from ledger.domain.reason import Reason

MOST = 9
TEXTS = {"name_zh": 120, "name_en": 160, "role": 200}  # the longest of each
FIELDS = ("name_zh", "name_en", "credit_code", "region", "role")
_CODE = {"code": "credit_code", "type": "credit_code"}


def tidy(rows: Iterable[Mapping]) -> list[dict[str, str]]:
    """One line of text for each field; the code in capitals without spaces. Rows in which nothing was typed fall away."""
    tidied = []
    for row in rows:
        kept = {name: " ".join(clean_text(value).split()) if isinstance(value := row.get(name), str) else "" for name in FIELDS}
        kept["credit_code"] = kept["credit_code"].replace(" ", "").upper()
        if any(kept.values()):
            tidied.append(kept)
    return tidied


def faults(rows: Sequence[Mapping[str, str]], *, lead: str | None, regions: Collection[str]) -> list[tuple[str, Reason]]:
    """`rows` as `tidy` gives them; `lead`: the code of the organisation that applies; `regions`: the codes that there are."""
    found: list[tuple[str, Reason]] = []
    if len(rows) > MOST:
        found.append(("parties", Reason("competition.parties_too_many", {"most": MOST})))
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if not row["name_zh"]:
            found.append((f"parties.{number}.name_zh", Reason("competition.party_name_missing")))
        for name, most in TEXTS.items():
            if len(row[name]) > most:
                found.append((f"parties.{number}.{name}", Reason("competition.party_text_long", {"most": most})))
        found += [(f"parties.{number}.credit_code", reason) for reason in _against_code(row["credit_code"], lead, seen)]
        if row["region"] not in regions:
            found.append((f"parties.{number}.region", Reason("competition.party_region_missing")))
        seen.add(row["credit_code"])
    return found


def _against_code(code: str, lead: str | None, seen: Collection[str]) -> list[Reason]:
    if not code:
        return [Reason("competition.party_code_missing")]
    if wrong := field_faults(_CODE, code, ()):
        return [wrong[0][1]]
    if lead and code == lead:
        return [Reason("competition.party_code_lead")]
    return [Reason("competition.party_code_twice")] if code in seen else []
