"""Rubric and scheme of a round, while its competition is a draft."""

from datetime import datetime

from django.db import transaction

from competition.services.drafting import lock_draft, refuse_stale, write_down
from competition.services.rules import digest_of
from evaluations.domain.checking import SCHEME
from evaluations.domain.rubric import read_rubric
from evaluations.models import Criterion, Dimension, Rubric, Scheme
from evaluations.selectors.rubrics import dimensions_json, rubric_of, scheme_faults, scheme_of
from ledger.domain.reason import Reason, Refused


@transaction.atomic
def save_rubric(round, *, dimensions: list[dict], version: int, actor, at: datetime) -> Rubric:
    """`dimensions` as in `evaluations.domain.rubric`; `version` is the one that the editor began from, 0 for none. Weights need
    not add up to 100 before publishing: the check page says when they do not."""
    competition = lock_draft(round.competition, actor=actor)
    read = read_rubric(dimensions)
    rubric = rubric_of(round)
    refuse_stale(version, rubric.version if rubric else 0)
    if rubric and rubric.frozen_at:
        raise Refused(Reason("competition.rules_frozen"))
    before = {"version": rubric.version, "digest": digest_of(dimensions_json(rubric))} if rubric else None
    if rubric:
        rubric.dimensions.all().delete()
        rubric.version += 1
        rubric.save(update_fields=["version"])
    else:
        rubric = Rubric.objects.create(round=round, version=1)
    _write(rubric, read)
    after = {"version": rubric.version, "digest": digest_of(dimensions_json(rubric))}
    write_down("rubric.edit", rubric, competition, actor=actor, at=at, before=before, after=after)
    return rubric


def _write(rubric: Rubric, read: list[dict]) -> None:
    dimensions = Dimension.objects.bulk_create(
        [
            Dimension(rubric=rubric, order=order, **{name: row[name] for name in ("code", "name_zh", "name_en")})
            for order, row in enumerate(read)
        ]
    )
    Criterion.objects.bulk_create(
        [
            Criterion(dimension=dimension, order=order, **criterion)
            for dimension, row in zip(dimensions, read, strict=True)
            for order, criterion in enumerate(row["criteria"])
        ]
    )


def make_rubric(round, dimensions: list[dict]) -> Rubric:
    """A new round's rubric, from a format or another round; the caller writes it down."""
    rubric = Rubric.objects.create(round=round, version=1)
    _write(rubric, read_rubric(dimensions))
    return rubric


@transaction.atomic
def save_scheme(round, *, definition: dict, version: int, actor, at: datetime) -> Scheme:
    """`definition`: scale, order, panel, rounding, thresholds, ties, carry. It is read together with the rubric, whose weights
    may still be off; every other fault is refused with its key path as `field`."""
    competition = lock_draft(round.competition, actor=actor)
    if round.checks_only and definition != SCHEME:
        raise Refused(Reason("evaluations.check_without_scheme"))
    refuse_scheme_faults(definition, dimensions_json(rubric_of(round)))
    scheme = scheme_of(round)
    refuse_stale(version, scheme.version if scheme else 0)
    if scheme and scheme.frozen_at:
        raise Refused(Reason("competition.rules_frozen"))
    before = {"version": scheme.version, "digest": scheme.digest} if scheme else None
    scheme = scheme or Scheme(round=round, version=0)
    scheme.version += 1
    scheme.definition, scheme.digest = definition, digest_of(definition)
    scheme.save()
    after = {"version": scheme.version, "digest": scheme.digest}
    write_down("scheme.edit", scheme, competition, actor=actor, at=at, before=before, after=after)
    return scheme


def refuse_scheme_faults(definition: dict, dimensions: list[dict]) -> None:
    if own := scheme_faults(definition, dimensions):
        raise Refused(*own, field=str(own[0].params["path"]))


def make_scheme(round, definition: dict) -> Scheme:
    """A new round's scheme; the caller writes it down."""
    return Scheme.objects.create(round=round, version=1, definition=definition, digest=digest_of(definition))
