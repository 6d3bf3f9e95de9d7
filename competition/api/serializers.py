"""Shapes of the race in the API. Read-only: what comes in has shapes of its own beside its view."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.pages import LARGEST_KEY
from competition.domain.states import APPLICATION, AWARD, COMPETITION, CONDITION, ENTRY, ROUND
from competition.selectors.parties import typed
from ledger.domain.reason import Reason
from ledger.reasons import say


class CompetitionSerializer(serializers.Serializer):
    """`recommendation_closes`: until when the regions' word is taken, where it is asked for."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    year = serializers.IntegerField()
    level = serializers.CharField()
    region = serializers.CharField(source="region_id", allow_null=True)
    state = serializers.ChoiceField(sorted(COMPETITION.states))
    published_at = serializers.DateTimeField(allow_null=True)
    recommendation_closes = serializers.DateTimeField(allow_null=True)


class RoundSerializer(serializers.Serializer):
    """Windows in Beijing time, with its offset."""

    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="competition_id")
    order = serializers.IntegerField()
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    state = serializers.ChoiceField(sorted(ROUND.states))
    blind = serializers.BooleanField()
    intake_opens = serializers.DateTimeField(allow_null=True)
    intake_closes = serializers.DateTimeField(allow_null=True)
    judging_opens = serializers.DateTimeField(allow_null=True)
    judging_closes = serializers.DateTimeField(allow_null=True)


class ClusterSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    sector = serializers.CharField(source="sector.code")
    lead_region = serializers.CharField(source="lead_region_id")
    organisation = serializers.IntegerField(source="organisation_id", allow_null=True)


class ApplicationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="competition_id")
    round = serializers.IntegerField(source="round_id")
    cluster = serializers.IntegerField(source="cluster_id")
    organisation = serializers.IntegerField(source="organisation_id")
    track = serializers.CharField(source="track.code", allow_null=True, default=None)
    state = serializers.ChoiceField(sorted(APPLICATION.states))
    correction_reason = serializers.CharField(allow_blank=True)
    correction_due = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class StartSerializer(serializers.Serializer):
    """`cluster`: one of your organisations'. `track`: its code, where the competition has tracks."""

    competition = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    cluster = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    track = serializers.CharField(max_length=30, required=False)

    def chosen(self, clusters, tracks):
        """(cluster, track) of these; ValidationError at the field that names none of them."""
        given = self.validated_data
        cluster = clusters.filter(pk=given["cluster"]).first()
        if cluster is None:
            raise serializers.ValidationError({"cluster": [say(Reason("competition.cluster_of_another"))]})
        track = tracks.filter(code=given.get("track", "")).first()
        if track is None and given.get("track"):
            raise serializers.ValidationError({"track": [say(Reason("competition.track_missing"))]})
        return cluster, track


class WithdrawalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PartySerializer(serializers.Serializer):
    """A partner of a joint entry; the organisation that applies leads it and is not among them. `region`: its code."""

    name_zh = serializers.CharField(allow_blank=True, max_length=1000)
    name_en = serializers.CharField(allow_blank=True, max_length=1000, default="")
    credit_code = serializers.CharField(allow_blank=True, max_length=100)
    region = serializers.CharField(allow_blank=True, max_length=20)
    role = serializers.CharField(allow_blank=True, max_length=1000, default="")


class DraftSerializer(serializers.Serializer):
    """`parties`: partners of a joint entry. `data` by the round's form: text by field, several choices as a list, ticks as true, a table as
    {item: {values: {year: text}, source, explanation}}. `faults`: what keeps it from being submitted, by path."""

    version = serializers.IntegerField()
    data = serializers.DictField()
    parties = PartySerializer(many=True)
    saved_at = serializers.DateTimeField(allow_null=True)
    faults = serializers.DictField(child=serializers.CharField())


class DraftWriteSerializer(serializers.Serializer):
    """`parties`, where it is given, replaces all partners, and is refused whole with the first that is wrong."""

    data = serializers.DictField()
    parties = PartySerializer(many=True, required=False)


class ReceiptSerializer(serializers.Serializer):
    """`number` counts the revisions of the application; `digest` is of all that was submitted."""

    number = serializers.IntegerField()
    receipt_number = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    digest = serializers.CharField()
    parties = serializers.SerializerMethodField()

    @extend_schema_field(PartySerializer(many=True))
    def get_parties(self, revision):
        return [typed(row) for row in revision.parties.all()]


class EntrySerializer(serializers.Serializer):
    """An application's place in one round. Neither rank nor outcome: those stand in the standings, for whoever may see them."""

    id = serializers.IntegerField()
    round = serializers.IntegerField(source="round_id")
    application = serializers.IntegerField(source="application_id")
    cluster = serializers.IntegerField(source="application.cluster_id")
    track = serializers.CharField(source="track.code", allow_null=True, default=None)
    group = serializers.IntegerField(allow_null=True, help_text="its group inside the track, where the round has groups")
    state = serializers.ChoiceField(sorted(ENTRY.states))


class BallotsSerializer(serializers.Serializer):
    """`members` may vote; `excused` ones may not, for a conflict of interest, and count nowhere."""

    members = serializers.IntegerField()
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    excused = serializers.IntegerField()


class StandingSerializer(serializers.Serializer):
    """One line of a snapshot. `total` has the digits of the scheme, `exact` is n/d; `grade` is the code of the grade that the round's rule
    gives the total, null where the rule has no grades or none is reached. `ballots`: of a round decided by a vote, else null; it has no
    totals."""

    entry = serializers.IntegerField(source="entry_id")
    rank = serializers.IntegerField(allow_null=True)
    track_rank = serializers.IntegerField(allow_null=True)
    group = serializers.IntegerField(source="entry.group", allow_null=True)
    group_rank = serializers.IntegerField(allow_null=True)
    total = serializers.CharField(allow_null=True)
    exact = serializers.CharField(allow_null=True)
    tied_with = serializers.ListField(child=serializers.IntegerField())
    tie_broken_by = serializers.CharField(allow_blank=True)
    criteria = serializers.DictField(child=serializers.CharField(allow_null=True))
    dimensions = serializers.DictField(child=serializers.CharField(allow_null=True))
    flags = serializers.ListField(child=serializers.CharField())
    grade = serializers.SerializerMethodField()
    ballots = serializers.SerializerMethodField()

    @extend_schema_field(BallotsSerializer(allow_null=True))
    def get_ballots(self, row) -> dict | None:
        return row.panel.get("ballots")

    def get_grade(self, row) -> str | None:
        return self.context["grading"].code(row)


class ConditionSerializer(serializers.Serializer):
    text_zh = serializers.CharField()
    text_en = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField()
    state = serializers.ChoiceField(sorted(CONDITION.states))


class AwardSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    entry = serializers.IntegerField(source="entry_id")
    title = serializers.CharField()
    holder_zh = serializers.CharField()
    holder_en = serializers.CharField(allow_blank=True)
    number = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(sorted(AWARD.states))
    condition = ConditionSerializer(
        source="entry.condition", allow_null=True, default=None, help_text="what must still be shown; open: the title is conditional"
    )
