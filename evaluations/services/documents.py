"""When documents of the judging are issued without being asked for."""

from competition.services.documents import LANGUAGES, issue
from competition.workflow import hook


@hook("proposal", "table")
@hook("proposal", "release")
def _report(act) -> None:
    """The report lies before the meeting as a draft, and after the release for the file, in both languages."""
    numbers = [issue("award_report", str(act.subject.pk), language=language, actor=None, at=act.at).number for language in LANGUAGES]
    act.also["reports"] = numbers
