"""Registers every kind of this app that has a state: its table, the scope its records are listed under, their names."""

from django.utils.translation import gettext_lazy as _

from competition import models, workflow
from competition.domain import states

LABELS = {
    "competition": {
        "publish": _("Call published"),
        "decide": _("Competition decided"),
        "archive": _("Competition archived"),
    },
    "round": {
        "open": _("Round opened"),
        "start_judging": _("Judging started"),
        "close": _("Round closed"),
        "reopen": _("Round re-opened"),
        "release": _("Round released"),
    },
    "application": {
        "submit": _("Application submitted"),
        "return": _("Application returned for correction"),
        "extend": _("Correction extended"),
        "resubmit": _("Correction submitted"),
        "accept": _("Application accepted"),
        "refuse": _("Application refused"),
        "withdraw": _("Application withdrawn"),
        "resume": _("Withdrawn application taken up again"),
        "continue": _("Application continued in the next round"),
    },
    "entry": {
        "suspend": _("Entry suspended"),
        "resume": _("Entry resumed"),
        "withdraw": _("Entry withdrawn"),
        "lapse": _("Entry out of the race: nothing submitted"),
        "disqualify": _("Entry disqualified"),
    },
    "proposal": {
        "table": _("Proposal tabled"),
        "release": _("Proposal released"),
        "void": _("Proposal voided"),
    },
    "notice": {"withdraw": _("Publicity notice withdrawn")},
    "objection": {
        "uphold": _("Objection upheld"),
        "reject": _("Objection rejected"),
        "withdraw": _("Objection withdrawn"),
    },
    "award": {"revoke": _("Award revoked")},
    "condition": {
        "meet": _("Condition of a title met"),
        "extend": _("More time for the condition of a title"),
        "miss": _("Condition of a title not met"),
    },
    "recommendation": {
        "recommend": _("Application recommended by its region"),
        "decline": _("Application not recommended by its region"),
        "withdraw": _("Recommendation taken back"),
        "free": _("Place given back: the application was withdrawn"),
    },
    "registration": {
        "confirm": _("Registration confirmed"),
        "refuse": _("Registration refused"),
        "resubmit": _("Registration sent again"),
        "withdraw": _("Registration withdrawn"),
    },
}

SCOPES = {
    "competition": (models.Competition, lambda row: row.pk),
    "round": (models.Round, lambda row: row.competition_id),
    "application": (models.Application, lambda row: row.competition_id),
    "entry": (models.Entry, lambda row: row.round.competition_id),
    "proposal": (models.Proposal, lambda row: row.round.competition_id),
    "notice": (models.Notice, lambda row: row.proposal.round.competition_id),
    "objection": (models.Objection, lambda row: row.entry.round.competition_id),
    "award": (models.Award, lambda row: row.entry.round.competition_id),
    "condition": (models.Condition, lambda row: row.entry.round.competition_id),
    "recommendation": (models.Recommendation, lambda row: row.quota.competition_id),
}


def _scope(kind):
    """A registration is listed under the region that confirms it, everything else under its competition."""
    if kind == "registration":
        return lambda row: f"region:{row.cluster.lead_region_id}"
    return lambda row: f"competition:{SCOPES[kind][1](row)}"


def register_all() -> None:
    for machine in states.MACHINES:
        model = models.Registration if machine.kind == "registration" else SCOPES[machine.kind][0]
        workflow.register(machine.kind, model, machine, scope=_scope(machine.kind), labels=LABELS[machine.kind])
