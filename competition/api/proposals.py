"""From a closed round to the table of those who decide. Signing and releasing need a person with a second factor, in the pages."""

import django_filters
from django.utils import timezone
from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.faults import ReasonSerializer, words
from accounts.api.pages import KeyFilter
from competition.api.filters import states
from competition.api.views import Rows
from competition.domain.condition import MOST, Terms
from competition.domain.states import OUTCOMES, PROPOSAL
from competition.models import Meeting, Proposal, ProposalRow
from competition.selectors import api as selectors
from competition.selectors.competitions import round_of
from competition.selectors.decisions import proposal_of
from competition.services import decisions as services
from competition.services.standings import read_proposal
from ledger.domain.reason import Reason


class ProposalSerializer(serializers.Serializer):
    """Its lists stand at its `rows/`."""

    id = serializers.IntegerField()
    round = serializers.IntegerField(source="round_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(sorted(PROPOSAL.states))
    created_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)


class OfProposals(django_filters.FilterSet):
    competition = KeyFilter(field_name="round__competition")
    round = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(PROPOSAL))
    ordering = django_filters.OrderingFilter(fields=["id", "created_at"])


class Proposals(Rows, generics.ListAPIView):
    """Of competitions on whose staff you are: that there is one and how far it is, nothing of what it says."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()
    filterset_class = OfProposals

    def rows(self, viewer):
        return selectors.proposals(viewer)


class OneProposal(generics.RetrieveAPIView):
    """403 with the reason for whoever has a conflict of interest in the round."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()

    def get_object(self):
        return proposal_of(self.request.user, self.kwargs["proposal_pk"])


class ProposalRowSerializer(serializers.Serializer):
    """`computed` is the rule's outcome with its `reason`; `outcome` what is proposed now, with a `note` where it was changed; a chosen
    one without `condition_due` is chosen on no condition."""

    id = serializers.IntegerField()
    entry = serializers.IntegerField(source="entry_id")
    rank = serializers.IntegerField(allow_null=True)
    computed = serializers.ChoiceField(OUTCOMES)
    reason = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(OUTCOMES)
    note = serializers.CharField(allow_blank=True)
    condition_zh = serializers.CharField(allow_blank=True)
    condition_en = serializers.CharField(allow_blank=True)
    condition_due = serializers.DateField(allow_null=True)

    def get_reason(self, row) -> ReasonSerializer:
        return words(Reason.from_json(row.reason))[0]


class OfProposalRows(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(choices=[(code, code) for code in OUTCOMES])
    entry = KeyFilter()
    ordering = django_filters.OrderingFilter(fields={"rank": "rank", "entry_id": "entry"})


class ProposalRows(Rows, generics.ListAPIView):
    """The list of a proposal in the order of ranks. Every reading is recorded, each page as one."""

    serializer_class = ProposalRowSerializer
    queryset = ProposalRow.objects.none()
    filterset_class = OfProposalRows

    def rows(self, viewer):
        proposal = proposal_of(viewer, self.kwargs["proposal_pk"])
        read_proposal(proposal, viewer=viewer, at=timezone.now())
        return selectors.proposal_rows(proposal)


class ProposalMake(Act):
    """What the round's rule makes of the newest standings, as a draft. An open proposal before it becomes void."""

    writes = "organise"
    gives = ProposalSerializer
    status = 201

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="proposal.create")

    def act(self, subject, data, *, actor, at):
        return services.propose(subject, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Proposal.objects.get(pk=answer)


class Step(Act):
    writes = ("organise", "decide")
    gives = ProposalSerializer
    action = ""

    def find(self, viewer, proposal_pk):
        return proposal_of(viewer, proposal_pk, action=f"proposal.{self.action}")


class Tabling(Step):
    """Put before the deciding body: its meeting can be recorded, and two people may sign it in the pages."""

    action = "table"
    service = staticmethod(services.table_proposal)


class ProposalWithdrawal(Step):
    """It stays readable and can never be released; its signatures no longer hold."""

    action = "void"
    service = staticmethod(services.withdraw_proposal)


class MeetingSerializer(serializers.Serializer):
    """`number`: of the meeting or its minutes, which are attached in the pages."""

    number = serializers.CharField(max_length=60)
    held_on = serializers.DateField()


class MeetingRecord(Step):
    """The meeting of the deciding body; recording it again corrects it until the release."""

    takes = MeetingSerializer
    gives = MeetingSerializer
    action = "record_meeting"
    service = staticmethod(services.record_meeting)

    def shown(self, subject, answer):
        return Meeting.objects.get(proposal=subject)


class OutcomeSerializer(serializers.Serializer):
    """`note`: why it differs from the rule, printed in the award report and shown to the applicant; none for the rule's own outcome.
    `condition_…`: on what and until when a chosen one of the last round is chosen, all of it; not named, it stays as it is; with an
    empty text and no day there is none any more."""

    outcome = serializers.ChoiceField(OUTCOMES)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    condition_zh = serializers.CharField(max_length=MOST, allow_blank=True, required=False)
    condition_en = serializers.CharField(max_length=MOST, allow_blank=True, required=False)
    condition_due = serializers.DateField(allow_null=True, required=False)


class OutcomeChange(Act):
    """One entry's outcome. Signatures given before no longer hold."""

    writes = "decide"
    takes = OutcomeSerializer
    gives = ProposalRowSerializer

    def find(self, viewer, proposal_pk, row_pk):
        return selectors.proposal_row(proposal_of(viewer, proposal_pk, action="proposal.change"), row_pk)

    def read(self, subject, body):
        given = body.validated_data
        named = any(name.startswith("condition_") for name in given)
        terms = Terms(given.get("condition_zh", ""), given.get("condition_en", ""), given.get("condition_due")) if named else None
        return {"outcome": given["outcome"], "note": given["note"], "condition": terms}

    service = staticmethod(services.change_outcome)
