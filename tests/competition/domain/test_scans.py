from datetime import UTC, datetime

import pytest

from competition.domain.scans import Verdict, Version, against, verdict, version
from ledger.domain.reason import Reason


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("stream: OK", Verdict("clean")),
        ("stream: Win.Test.EICAR_HDB-1 FOUND\n", Verdict("found", "Win.Test.EICAR_HDB-1")),
        ("stream: <b>Ünfair name</b> FOUND", Verdict("found", "_b__nfair_name__b_")),
        ("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", Verdict("waiting", fault="too_large")),
        ("INSTREAM size limit exceeded. ERROR", Verdict("waiting", fault="too_large")),
        ("stream: Can't allocate memory ERROR", Verdict("waiting", fault="failed")),
        ("", Verdict("waiting", fault="failed")),
    ],
)
def test_an_answer_that_is_not_ok_never_counts_as_clean(answer, said):
    assert verdict(answer) == said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("ClamAV 1.4.6/27812/Sat Nov 28 09:30:01 2026", Version("ClamAV 1.4.6", 27812, datetime(2026, 11, 28, 9, 30, 1, tzinfo=UTC))),
        ("ClamAV 1.0.9/27498/Sun Dec  8 01:02:03 2024", Version("ClamAV 1.0.9", 27498, datetime(2024, 12, 8, 1, 2, 3, tzinfo=UTC))),
        ("ClamAV 1.4.6", Version("ClamAV 1.4.6")),
        ("ClamAV 1.4.6/x/yesterday", Version("ClamAV 1.4.6")),
    ],
)
def test_the_version_tells_how_old_the_signatures_are(answer, said):
    assert version(answer) == said


@pytest.mark.parametrize(
    ("state", "own", "others"),
    [("", None, None), ("clean", None, None), ("waiting", None, "file_unscanned"), ("found", "file_infected", "file_infected")],
)
def test_who_is_given_the_content(state, own, others):
    wanted = [Reason(f"competition.{code}") if code else None for code in (own, others)]
    assert [against(state, own=True), against(state, own=False)] == wanted
