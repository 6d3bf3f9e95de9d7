"""Each reason of the domain has its words, whatever the params are called."""

import re
from pathlib import Path

from django.conf import settings

from competition import workflow
from competition.domain.guards import codes
from competition.domain.webhooks import EVENTS
from ledger import reasons

DOMAIN = Path(settings.BASE_DIR) / "competition" / "domain"


def test_each_code_of_the_domain_has_words():
    found = {code for path in DOMAIN.glob("*.py") for code in re.findall(r'"(competition\.[a-z_]+)"', path.read_text("utf-8"))}
    found -= set(EVENTS)  # named like a code, told to programs
    found |= {f"{code}_in_track" for code in ("competition.advance_rank", "competition.reserve", "competition.behind_cut")}
    lines = [f"competition.line_{line}" for line in ("panel", "panel_reserve", "excluded")]
    found |= {
        f"{code}_in_group{alone}"
        for code in ("competition.advance_rank", "competition.reserve", "competition.behind_cut", *lines)
        for alone in ("", "_alone")
    }
    assert len(found) > 50
    assert found - set(reasons.registered()) == set()


def test_each_guard_of_a_registered_table_has_words():
    found = {code for kind in workflow.kinds() for row in kind.machine.transitions for code in codes(row.guard)}
    assert found - set(reasons.registered()) == set()
