from io import StringIO

import pytest
from django.core.management import call_command

from jobs.models import Job
from jobs.services import enqueue

pytestmark = pytest.mark.django_db


def said(*args):
    out = StringIO()
    call_command("jobs", *args, stdout=out)
    return out.getvalue().splitlines()


def test_list_counts_and_shows_in_english_unless_asked(test_kinds):
    enqueue("test.note", "round:3")
    enqueue("test.away", "user:7")
    lines = said("list", "--kind", "test.note")
    assert lines[:2] == ["Queued 2  Running 0  Done 0  Failed 0  Cancelled 0", "Last sweep: never"]
    assert [line.split()[1:4] for line in lines[2:]] == [["Queued", "test.note", "round:3"]]
    assert said("--lang", "zh-hans", "list")[0] == "排队中 2  运行中 0  已完成 0  失败 0  已取消 0"


def test_run_queued_runs_here(test_kinds):
    enqueue("test.note", "round:3")
    enqueue("test.count", "round:3")
    assert [line.split()[1:4] for line in said("run-queued", "--kind", "test.note")] == [["Done", "test.note", "round:3"]]
    assert test_kinds.seen == [("round:3", {}, 1)]


def test_run_queued_ends_with_1_when_one_fails(test_kinds):
    enqueue("test.refusing", "round:3")
    with pytest.raises(SystemExit) as ended:
        said("run-queued")
    assert ended.value.code == 1
    assert Job.objects.get().state == "failed"


def test_sweep_says_what_it_did(test_kinds):
    assert said("sweep") == ["Taken from dead workers: 0. Announced again: 0."]
    assert said("list")[1] == "Last sweep: 0 s ago"
