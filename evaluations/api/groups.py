"""Groups of a round in the API: what would be drawn, the draw, and the change by hand."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.acts import Act
from accounts.api.fields import Key
from competition.api.serializers import EntrySerializer
from competition.domain.groups import MOST
from competition.models import Entry
from competition.selectors.competitions import round_of
from evaluations.selectors import groups as selectors
from evaluations.services import groups as services
from ledger.domain.reason import Reason
from ledger.reasons import say


class GroupsSerializer(serializers.Serializer):
    """`most` entries in a group and `how` they are made, null where the round has none; `entries` that are to be in one, `outside`: in none
    yet; `draws` made, `digest` of the newest; `shown`: what a draw is asked with."""

    most = serializers.IntegerField(allow_null=True)
    how = serializers.CharField(allow_null=True)
    entries = serializers.IntegerField()
    outside = serializers.IntegerField()
    draws = serializers.IntegerField()
    digest = serializers.CharField(allow_null=True)
    shown = serializers.CharField()


class DrawSerializer(serializers.Serializer):
    """`shown` as it was read: 409 where the entries or their groups have changed since."""

    shown = serializers.CharField(max_length=60)


def told(round) -> dict:
    content, made = selectors.content_of(round), selectors.newest_draw(round)
    grouping, draws = round.grouping, made.number if made else 0
    return {
        "most": grouping.most if grouping else None,
        "how": grouping.how if grouping else None,
        "entries": len(content),
        "outside": sum(group is None for *_card, group in content),
        "draws": draws,
        "digest": made.digest if made else None,
        "shown": selectors.token_of(content, draws),
    }


class Groups(Act):
    """The groups of a round, for its staff; each entry's stands with the entry. POST draws them."""

    writes = "organise"
    takes = DrawSerializer
    gives = GroupsSerializer
    status = 201

    @extend_schema(responses=GroupsSerializer)
    def get(self, request, round_pk):
        return Response(GroupsSerializer(told(round_of(request.user, round_pk))).data)

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="round.group")

    def act(self, subject, data, *, actor, at):
        services.draw_groups(subject, **data, actor=actor, at=at)

    def shown(self, subject, answer):
        return told(subject)


class MoveSerializer(serializers.Serializer):
    """`group`, or `exchange`: the entry of another group that takes its place."""

    group = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    exchange = Key(required=False)
    reason = serializers.CharField(max_length=500)

    def validate(self, data):
        if ("group" in data) == ("exchange" in data):
            raise serializers.ValidationError({"group": [say(Reason("evaluations.group_unknown"))]})
        return data


class GroupMove(Act):
    """Places an entry in a group by hand, before a seat is given."""

    writes = "organise"
    takes = MoveSerializer
    gives = EntrySerializer

    def find(self, viewer, entry_pk):
        entry = Entry.objects.filter(pk=entry_pk).select_related("application", "track").first()
        if entry is None:
            raise Http404
        entry.round = round_of(viewer, entry.round_id, action="round.group")
        return entry

    def read(self, subject, body):
        data = dict(body.validated_data)
        return data | {"exchange": Entry(pk=data["exchange"])} if "exchange" in data else data

    def act(self, subject, data, *, actor, at):
        services.move_entry(subject, **data, actor=actor, at=at)
