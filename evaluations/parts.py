"""Rubric and scheme as parts of a competition's rules (competition.rules)."""

from django.utils.translation import gettext_lazy as _

from competition.rules import register_part
from competition.selectors.formats import read_format
from competition.selectors.readmissions import rules_of
from competition.selectors.rules import vote_of
from evaluations.domain.checking import SCHEME, checklist, is_item, usual
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.selectors.rubrics import carried_rounds, data_items, dimensions_json, rubric_of, scheme_faults, scheme_of, whole_scheme
from evaluations.services.rubrics import make_rubric, make_scheme, save_rubric, save_scheme
from evaluations.wording import lot_words, rubric_words, scheme_words
from ledger.domain.reason import Reason, Refused


class RubricPart:
    label = _("Rubric")
    url_name = "evaluations:rubric_edit"

    def missing(self, competition) -> list[Reason]:
        found = []
        for round in competition.rounds.order_by("order"):
            if vote_of(round):
                continue
            rubric = rubric_of(round)
            if rubric is None:
                found.append(Reason("evaluations.rubric_missing", {"round": round.order}))
                continue
            if round.checks_only:
                found += _no_checklist(round, dimensions_json(rubric))
                continue
            found += self._faults(round, dimensions_json(rubric))
        return found

    def _faults(self, round, dimensions):
        criteria = [row for dimension in dimensions for row in dimension["criteria"]]
        if not criteria:
            yield Reason("evaluations.rubric_empty", {"round": round.order})
            return
        items = data_items(round)
        for row in criteria:
            if row["data_item"] and row["data_item"] not in items:
                yield Reason("evaluations.rubric_item_unknown", {"round": round.order, "criterion": row["code"], "item": row["data_item"]})
        scheme = scheme_of(round)
        if scheme:
            yield from _faults(round, scheme.definition, dimensions)

    def copy(self, source_round, round) -> None:
        if rubric := rubric_of(source_round):
            make_rubric(round, dimensions_json(rubric))

    def seed(self, round, format_round) -> None:
        if "rubric" in format_round:
            make_rubric(round, [_from_format(dimension) for dimension in format_round["rubric"]["dimensions"]])
        elif round.checks_only:
            make_rubric(round, usual())

    def suit(self, round, *, actor, at) -> None:
        """Of a rubric a formal check keeps the items; what becomes a review again, with items alone, begins with the default one."""
        rubric = rubric_of(round)
        dimensions = dimensions_json(rubric)
        if round.checks_only:
            dimensions = checklist(dimensions)
        elif all(is_item(row) for dimension in dimensions for row in dimension["criteria"]):
            dimensions = [_from_format(dimension) for dimension in read_format()["rounds"][0]["rubric"]["dimensions"]]
        else:
            return
        save_rubric(round, dimensions=dimensions, version=rubric.version if rubric else 0, actor=actor, at=at)

    def freeze(self, round, at) -> None:
        if vote_of(round):
            # Nobody marks: a draft that was begun is no rule of this round, and nothing shall read it as one.
            round.rubrics.all().delete()
        _freeze(rubric_of(round), at)

    def content(self, round) -> list[dict] | None:
        """None where the round is decided by a vote."""
        return None if vote_of(round) else dimensions_json(rubric_of(round))

    def words(self, round, language: str) -> list[str]:
        if vote_of(round):
            return []
        return rubric_words(dimensions_json(rubric_of(round)), data_items(round), language, check=round.checks_only)


class SchemePart:
    label = _("Scoring scheme")
    url_name = "evaluations:scheme_edit"

    def missing(self, competition) -> list[Reason]:
        found = []
        rounds = list(competition.rounds.order_by("order"))
        entered = [rule.enters.order for rule in rules_of(competition)]
        for round in rounds:
            if round.checks_only or vote_of(round):
                continue
            scheme = scheme_of(round)
            if scheme is None:
                found.append(Reason("evaluations.scheme_missing", {"round": round.order}))
                continue
            least = scheme.definition["panel"]["min_panel"]
            if round.seats < least:
                found.append(Reason("evaluations.seats_below_panel", {"round": round.order, "seats": round.seats, "least": least}))
            earlier = {row.code for row in rounds if row.order < round.order}
            for row in scheme.definition.get("carry") or []:
                if row["round"] not in earlier:
                    found.append(Reason("evaluations.carry_unknown", {"round": round.order, "code": row["round"]}))
            found += _carried_past(round, scheme.definition, rounds, entered)
            found += _carried_votes(round, scheme.definition, rounds)
            if dimensions := dimensions_json(rubric_of(round)):
                found += [_in(round, reason) for reason in scheme_faults(scheme.definition, dimensions)]
        return found

    def copy(self, source_round, round) -> None:
        if scheme := scheme_of(source_round):
            make_scheme(round, scheme.definition)

    def seed(self, round, format_round) -> None:
        if round.checks_only:
            make_scheme(round, SCHEME)
        elif "scheme" in format_round:
            make_scheme(round, format_round["scheme"])

    def suit(self, round, *, actor, at) -> None:
        """A formal check has the one scheme in which nobody sits; what becomes a review again begins with the default one."""
        scheme = scheme_of(round)
        if round.checks_only:
            definition = SCHEME
        elif scheme is not None and scheme.definition == SCHEME:
            definition = read_format()["rounds"][0]["scheme"]
        else:
            return
        save_scheme(round, definition=definition, version=scheme.version if scheme else 0, actor=actor, at=at)

    def freeze(self, round, at) -> None:
        if vote_of(round):
            round.schemes.all().delete()
        _freeze(scheme_of(round), at)

    def content(self, round) -> dict | None:
        scheme = None if vote_of(round) else scheme_of(round)
        return scheme.definition if scheme else None

    def words(self, round, language: str) -> list[str]:
        scheme = None if vote_of(round) or round.checks_only else scheme_of(round)
        if scheme is None:
            return []
        lines = scheme_words(
            scheme.definition, dimensions_json(rubric_of(round)), language, carried=carried_rounds(round, scheme.definition)
        )
        return lines + lot_words(round, language) if "lot" in (scheme.definition.get("ties") or []) else lines


def _no_checklist(round, dimensions):
    items = [row for dimension in dimensions for row in dimension["criteria"]]
    if not items:
        yield Reason("evaluations.rubric_empty", {"round": round.order})
    if marked := [row["code"] for row in items if not is_item(row)]:
        yield Reason("evaluations.check_with_marks", {"round": round.order, "codes": marked})


def _faults(round, definition, dimensions):
    """What is wrong with the rubric where the scheme reads it."""
    try:
        parse_scheme(whole_scheme(definition, dimensions))
    except Refused as refused:
        return [_in(round, reason) for reason in refused.reasons if str(reason.params.get("path", "")).startswith("criteria")]
    return []


def _carried_past(round, definition, rounds, entered) -> list[Reason]:
    """`entered`: orders of the rounds that clusters of an earlier edition begin in; they have no total to carry from before."""
    orders = {row.code: row.order for row in rounds}
    carried = [row["round"] for row in definition.get("carry") or [] if row["round"] in orders]
    return [
        Reason("evaluations.carry_past_readmission", {"round": round.order, "code": code})
        for code in carried
        if any(orders[code] < order <= round.order for order in entered)
    ]


def _carried_votes(round, definition, rounds) -> list[Reason]:
    """A vote gives no total that a later round could carry in."""
    carried = {row["round"] for row in definition.get("carry") or []}
    return [
        Reason("evaluations.carry_of_vote", {"round": round.order, "code": row.code})
        for row in rounds
        if row.code in carried and row.order < round.order and vote_of(row)
    ]


def _in(round, reason: Reason) -> Reason:
    return Reason(reason.code, {**reason.params, "round": round.order})


def _from_format(dimension) -> dict:
    return {
        "code": dimension["code"],
        **_names("name", dimension["name"]),
        "criteria": [
            {
                **{name: value for name, value in row.items() if name not in ("name", "guidance")},
                **_names("name", row["name"]),
                **(_names("guidance", row["guidance"]) if "guidance" in row else {}),
            }
            for row in dimension["criteria"]
        ],
    }


def _names(field, words) -> dict:
    return {f"{field}_{language}": words[language] for language in ("zh", "en")}


def _freeze(row, at) -> None:
    if row is not None and row.frozen_at is None:
        row.frozen_at = at
        row.save(update_fields=["frozen_at"])


register_part("rubric", RubricPart())
register_part("scheme", SchemePart())
