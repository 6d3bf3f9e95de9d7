"""No table that leaves the house computes anything in a spreadsheet, whatever people wrote into it."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from competition.documents.context.recommendation import table_rows, workbook
from competition.domain.cells import FORMULA, harmless
from competition.models import Cluster, Organisation
from competition.services.recommendations import recommend
from evaluations.models import Evaluator
from ledger.services import record
from tests.cast import sign_in
from tests.evaluations.domain.schemes import scheme_json
from tests.evaluations.services.test_plans import Scene
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.recommending import make_asked, make_asking_call, make_speaker

# Every file of ours that writes a table; a new one belongs into the tests below.
WRITERS = {
    "competition/documents/context/recommendation.py",
    "competition/views/records.py",
    "evaluations/views/loads.py",
    "evaluations/management/commands/standings.py",
}
LEADS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", " \t="]
EVIL = 'HYPERLINK("http://x","y")'


def test_every_writer_of_tables_is_known():
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("accounts", "competition", "evaluations", "config", "jobs", "ledger")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if any(word in path.read_text() for word in ("csv.writer(", "csv.DictWriter(", "xlsxwriter", "openpyxl"))
    }
    assert found == WRITERS


def computed(text: str) -> list[str]:
    """Cells that a spreadsheet would compute."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) > 1
    return [cell for row in rows for cell in row if cell.lstrip(" ").startswith(FORMULA)]


@pytest.mark.parametrize("lead", LEADS, ids=repr)
def test_a_cell(lead):
    assert computed(f'head\n"{harmless(lead + "1+1")}"\n') == []
    assert harmless("a" + lead) == "a" + lead


@pytest.mark.parametrize("lead", LEADS, ids=repr)
def test_tables_of_the_pages(db, lead):
    scene = Scene()
    scene.solve(seats=1, most=3, balance=False)
    for model in (Organisation, Cluster, User):
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(name_zh=f"{lead}{EVIL}{row.pk}", name_en=f"{lead}{EVIL}{row.pk}")
    Evaluator.objects.update(title=lead + EVIL)
    seats = sign_in(scene.organiser).post(reverse("evaluations:assignment_export", args=[scene.round.competition_id, scene.round.pk]))
    assert EVIL in seats.content.decode().replace('""', '"')
    assert computed(seats.content.decode()) == []

    supervisor = make_user("S", name_zh=lead + EVIL)
    give(supervisor, "supervisor", f"competition:{scene.round.competition_id}")
    with transaction.atomic():
        record(
            actor=f"user:{supervisor.pk}",
            action="standings.read",
            subject=f"entry:{scene.entries[0].pk}",
            scope=f"competition:{scene.round.competition_id}",
        )
    records = b"".join(sign_in(supervisor).get(reverse("competition:record_export")).streaming_content).decode()
    assert EVIL in records.replace('""', '"')
    assert computed(records) == []


@pytest.mark.parametrize("lead", LEADS[:5], ids=repr)
def test_a_workbook(db, lead):
    call = make_asking_call()
    row = recommend(make_asked(call), opinion=EVIL, actor=make_speaker(), at=NOW)
    Cluster.objects.update(name_zh=lead + EVIL, name_en=lead + EVIL)
    file = workbook(row.quota, table_rows(row.quota))
    cells = [cell for line in load_workbook(io.BytesIO(file)).active.iter_rows() for cell in line if cell.value is not None]
    assert [cell.data_type for cell in cells if str(cell.value).endswith(EVIL)] == ["s", "s"]
    assert {cell.data_type for cell in cells} == {"s", "n"}


def test_standings_from_files(tmp_path):
    scheme = scheme_json(["60", "40"])
    criteria = [criterion["code"] for criterion in scheme["criteria"]]
    rows = [
        f"{entry},E{judge},{code},{mark},{track}"
        for entry, mark, track in (("=1+1", 80, "=2+2"), ("-3", 70, "@x"))
        for judge in (1, 2, 3)
        for code in criteria
    ]
    (tmp_path / "scheme.json").write_text(json.dumps(scheme))
    (tmp_path / "scores.csv").write_text("\n".join(["entry,evaluator,criterion,score,track", *rows, ""]), encoding="utf-8")
    said = io.StringIO()
    call_command("standings", str(tmp_path / "scores.csv"), scheme=str(tmp_path / "scheme.json"), format="csv", stdout=said)
    found = list(csv.DictReader(io.StringIO(said.getvalue())))
    assert sorted((row["entry"], row["track"]) for row in found) == [("'=1+1", "'=2+2"), ("-3", "'@x")]  # -3 is a number
