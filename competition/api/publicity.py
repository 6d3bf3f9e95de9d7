"""After a release: notices, objections to an entry, awards and their certificates."""

import django_filters
from django.urls import reverse
from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.fields import Key, Moment, ReasonWhySerializer
from accounts.api.pages import KeyFilter
from competition.api.filters import states
from competition.api.serializers import AwardSerializer
from competition.api.views import Rows
from competition.domain.states import NOTICE, OBJECTION
from competition.models import Award, Notice, Objection
from competition.selectors import api as selectors
from competition.selectors.competitions import round_of
from competition.services import awards
from competition.services import publicity as services
from jobs.selectors import latest
from ledger.domain.reason import Reason
from ledger.reasons import say

OBJECTORS = ("person", "organisation")
RULINGS = ("reject", "disqualify", "uphold")


class NoticeSerializer(serializers.Serializer):
    """Both days count."""

    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="proposal.round.competition_id")
    round = serializers.IntegerField(source="proposal.round_id")
    number = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(sorted(NOTICE.states))


class OfNotices(django_filters.FilterSet):
    competition = KeyFilter(field_name="proposal__round__competition")
    round = KeyFilter(field_name="proposal__round")
    state = django_filters.ChoiceFilter(choices=states(NOTICE))
    ordering = django_filters.OrderingFilter(fields=["id", "ends_on"])


class NoticeRows(Rows):
    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()
    lookup_url_kwarg = "notice_pk"
    filterset_class = OfNotices

    def rows(self, viewer):
        return selectors.notices(viewer)


class Notices(NoticeRows, generics.ListAPIView):
    """Publicity of competitions on whose staff you are."""


class OneNotice(NoticeRows, generics.RetrieveAPIView):
    filter_backends = []


class ObjectionSerializer(serializers.Serializer):
    """Who objects and why stands at its own address."""

    id = serializers.IntegerField()
    notice = serializers.IntegerField(source="notice_id")
    entry = serializers.IntegerField(source="entry_id")
    number = serializers.CharField()
    objector_kind = serializers.ChoiceField(OBJECTORS)
    received_at = serializers.DateTimeField()
    state = serializers.ChoiceField(sorted(OBJECTION.states))
    decided_at = serializers.DateTimeField(allow_null=True)


class ObjectionTextSerializer(ObjectionSerializer):
    """`decision` is the reply to the objector."""

    objector = serializers.CharField()
    contact = serializers.CharField()
    text = serializers.CharField()
    decision = serializers.CharField(allow_blank=True)


class OfObjections(django_filters.FilterSet):
    competition = KeyFilter(field_name="entry__round__competition")
    notice = KeyFilter()
    entry = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(OBJECTION))
    ordering = django_filters.OrderingFilter(fields=["id", "received_at"])


class Objections(Rows, generics.ListAPIView):
    """Of competitions on whose staff you are, newest first."""

    serializer_class = ObjectionSerializer
    queryset = Objection.objects.none()
    filterset_class = OfObjections

    def rows(self, viewer):
        return selectors.objections(viewer)


class OneObjection(generics.RetrieveAPIView):
    serializer_class = ObjectionTextSerializer
    queryset = Objection.objects.none()

    def get_object(self):
        return selectors.objection(self.request.user, self.kwargs["objection_pk"])


class ObjectionWriteSerializer(serializers.Serializer):
    """`received_at`: what counts is when it came in, not when it is entered. `contact`: the reply goes there."""

    entry = Key()
    objector_kind = serializers.ChoiceField(OBJECTORS)
    objector = serializers.CharField(max_length=120)
    contact = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=10000)
    received_at = Moment()


class ObjectionMake(Act):
    """Records an objection: its entry is suspended, the others are not touched."""

    writes = "organise"
    takes = ObjectionWriteSerializer
    gives = ObjectionTextSerializer
    status = 201

    def find(self, viewer, notice_pk):
        return selectors.notice(viewer, notice_pk, action="objection.record")

    def read(self, subject, body):
        entry = selectors.listed_entry(subject, body.validated_data["entry"])
        if entry is None:
            raise serializers.ValidationError({"entry": [say(Reason("competition.entry_not_in_notice"))]})
        return body.validated_data | {"entry": entry}

    def act(self, subject, data, *, actor, at):
        return services.record_objection(subject, **data, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Objection.objects.get(pk=answer)


class RulingSerializer(serializers.Serializer):
    """reject: the entry runs on. disqualify: it leaves the race. uphold: it keeps its place, the decision says what follows."""

    ruling = serializers.ChoiceField(RULINGS)
    decision = serializers.CharField(max_length=4000)


class ObjectionDecision(Act):
    """By an organiser or decider who is not bound to the cluster; `decision` is the reply to the objector."""

    writes = ("organise", "decide")
    takes = RulingSerializer
    gives = ObjectionTextSerializer

    def find(self, viewer, objection_pk):
        return selectors.objection(viewer, objection_pk, action="objection.reject")

    def act(self, subject, data, *, actor, at):
        ruling, decision = data["ruling"], data["decision"]
        services.decide_objection(
            subject, upheld=ruling != "reject", disqualify=ruling == "disqualify", decision=decision, actor=actor, at=at
        )


class ObjectionWithdrawal(Act):
    """The objector took it back, and the organiser notes it."""

    writes = "organise"
    gives = ObjectionTextSerializer

    def find(self, viewer, objection_pk):
        return selectors.objection(viewer, objection_pk, action="objection.withdraw")

    service = staticmethod(services.withdraw_objection)


class TitlesSerializer(serializers.Serializer):
    titles = serializers.ListField(child=serializers.ChoiceField(Award.TITLES), min_length=1, max_length=len(Award.TITLES))


class GivenSerializer(serializers.Serializer):
    """Numbers of the awards that this act gave; nobody gets one twice."""

    awards = serializers.ListField(child=serializers.IntegerField())


class OfRound(Act):
    writes = "organise"

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="award.give")


class AwardsGive(OfRound):
    """To every chosen entry that runs and has no open objection, once publicity has ended. Certificates are drawn in the background."""

    takes = TitlesSerializer
    gives = GivenSerializer
    status = 201

    def act(self, subject, data, *, actor, at):
        return [award.pk for award in awards.give_awards(subject, titles=tuple(data["titles"]), actor=actor, at=at)]

    def shown(self, subject, answer):
        return {"awards": answer}


class CertificatesSerializer(serializers.Serializer):
    """`missing`: how many are to be drawn; `job`: the address of the work, null where none was ever needed."""

    missing = serializers.IntegerField()
    job = serializers.CharField(allow_null=True)


class Certificates(OfRound):
    """Asks for the certificate of each valid award of the round that has none. They are drawn in the background: ask the job."""

    gives = CertificatesSerializer
    status = 202

    def act(self, subject, data, *, actor, at):
        return awards.issue_certificates(subject, actor=actor, at=at)

    def shown(self, subject, answer):
        job = latest(awards.CERTIFICATES, f"round:{subject.pk}")
        return {"missing": answer, "job": job and reverse("api_job", args=[job.pk])}


class AwardRevocation(Act):
    """For good; whoever checks its certificate is told so."""

    writes = ("organise", "decide")
    takes = ReasonWhySerializer
    gives = AwardSerializer

    def find(self, viewer, award_pk):
        return selectors.award(viewer, award_pk, action="award.revoke")

    service = staticmethod(awards.revoke_award)
