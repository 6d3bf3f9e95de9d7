"""Proposals, meetings, signatures. Nobody who judges, applies or is bound to a cluster of the round decides it."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts import person
from accounts.domain.roles import EVERYWHERE
from accounts.permissions import ever_held, register
from competition.models import Application, Entry, Organisation, Revision
from competition.permissions import secrecy
from competition.permissions.holding import organisations, roles_in, staffed
from competition.permissions.secrecy import against_scores
from ledger.domain.reason import Reason


def _deciding(*wanted: str):
    need = frozenset(wanted)

    def check(user, subject):
        round = subject if hasattr(subject, "intake_opens") else subject.round
        held = roles_in(user, round)
        if not held & need:
            return Reason("competition.role_needed", {"roles": sorted(need)})
        if _ever_evaluator(user, round):
            return Reason("competition.evaluators_do_not_decide")
        if _party(user, round):
            return Reason("competition.parties_do_not_decide")
        return against_scores(user, round)

    return check


def _ever_evaluator(user, round) -> bool:
    """Also once the role has ended: who judged does not decide."""
    kept = user.__dict__.setdefault("_judged", {})
    if round.competition_id not in kept:
        pairs = ever_held(user)
        scopes = (f"competition:{round.competition_id}", EVERYWHERE)
        kept[round.competition_id] = any(("evaluator", scope) in pairs for scope in scopes)
    return kept[round.competition_id]


def _party(user, round) -> bool:
    """Who applies for an organisation of the round, be it a partner of a joint entry, or wrote one of its applications."""
    kept = user.__dict__.setdefault("_party_to", {})
    if round.pk not in kept:
        kept[round.pk] = _may_be_party(user) and round.entries.filter(_own(user)).exists()
    return kept[round.pk]


person.register(
    "wrote",
    lambda: Exists(Application.objects.filter(created_by=OuterRef("pk"))) | Exists(Revision.objects.filter(submitted_by=OuterRef("pk"))),
)


def _may_be_party(user) -> bool:
    return bool(organisations(user)) or person.fact(user, "wrote")


def _own(user) -> Q:
    wrote = Q(application__created_by=user.pk) | Q(application__revisions__submitted_by=user.pk)
    own = organisations(user)
    codes = Organisation.objects.filter(pk__in=own).exclude(credit_code=None).values("credit_code")
    return wrote | Q(application__organisation__in=own) | Q(application__revisions__parties__credit_code__in=codes)


def preload(user, rounds) -> None:
    """Asks of many rounds at once what the checks ask of each: no query for whom nothing ties to a cluster, else at most five, whatever
    their number."""
    rounds = list(rounds)
    ids = [round.pk for round in rounds]
    secrecy.preload(user, rounds)
    scopes = {f"competition:{round.competition_id}": round.competition_id for round in rounds}
    judged = {scope for role, scope in ever_held(user) if role == "evaluator"}
    user.__dict__.setdefault("_judged", {}).update({pk: bool(judged & {scope, EVERYWHERE}) for scope, pk in scopes.items()})
    party = (
        set(Entry.objects.filter(_own(user), round__in=ids).values_list("round_id", flat=True)) if ids and _may_be_party(user) else set()
    )
    user.__dict__.setdefault("_party_to", {}).update({pk: pk in party for pk in ids})


def _listed(user, rows):
    return staffed(user, rows, "round__competition_id")


WHO_DECIDES = _("its organisers and deciders, none of them evaluator, party or conflicted")

register("proposal.create", _deciding("organiser"), label=_("Draw up a proposal"), who=_("its organisers without a conflict"))
register(
    "proposal.view",
    _deciding("organiser", "decider", "supervisor"),
    queryset=_listed,
    label=_("Read a proposal"),
    who=_("its staff without a conflict"),
)
register("proposal.table", _deciding("organiser", "decider"), label=_("Table a proposal"), who=WHO_DECIDES)
register("proposal.change", _deciding("decider"), label=_("Change one outcome with a reason"), who=_("its deciders without a conflict"))
register("proposal.record_meeting", _deciding("organiser", "decider"), label=_("Record the meeting"), who=WHO_DECIDES)
register("proposal.sign", _deciding("organiser", "decider"), label=_("Sign a release"), who=WHO_DECIDES)
register("proposal.release", _deciding("organiser", "decider"), label=_("Release a round"), who=_("the second of two people who sign"))
register("proposal.void", _deciding("organiser", "decider"), label=_("Withdraw a proposal"), who=WHO_DECIDES)
