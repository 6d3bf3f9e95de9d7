"""What the organiser answers to an application."""

from accounts.api.acts import Act
from accounts.api.fields import Moment, ReasonWhySerializer
from competition.api.serializers import ApplicationSerializer, EntrySerializer
from competition.selectors.api import entry_for_staff
from competition.selectors.applications import application
from competition.services import applications as services
from competition.services.entries import disqualify_entry, withdraw_entry


class CorrectionSerializer(ReasonWhySerializer):
    """`due_at`: until when it is to be corrected; it may lie after the end of the intake."""

    due_at = Moment()


class Answer(Act):
    writes = "organise"
    gives = ApplicationSerializer
    action = ""

    def find(self, viewer, application_pk):
        return application(viewer, application_pk, action=f"application.{self.action}")


class Acceptance(Answer):
    """Its newest revision enters the round and is what the evaluators judge."""

    action = "accept"
    service = staticmethod(services.accept_application)


class Return(Answer):
    """Back to the applicant for correction, who reads the reason and hands it in again."""

    takes = CorrectionSerializer
    action = "return"
    service = staticmethod(services.return_application)


class Extension(Answer):
    """A later deadline for the correction of a returned application."""

    takes = CorrectionSerializer
    action = "extend"
    service = staticmethod(services.extend_correction)


class Refusal(Answer):
    """It does not enter the race, for good; the applicant reads the reason."""

    takes = ReasonWhySerializer
    action = "refuse"
    service = staticmethod(services.refuse_application)


class Departure(Act):
    """The entry leaves the race for good and keeps its marks on record; the applicant reads the reason."""

    writes = "organise"
    takes = ReasonWhySerializer
    gives = EntrySerializer

    def find(self, viewer, entry_pk):
        return entry_for_staff(viewer, entry_pk, action="entry.disqualify")


class Disqualification(Departure):
    """Disqualified: it leaves the ranking for good. A place that it had won may go to a reserve."""

    service = staticmethod(disqualify_entry)


class EntryWithdrawal(Departure):
    """Taken out of the race at its own wish, noted by the organiser."""

    service = staticmethod(withdraw_entry)
