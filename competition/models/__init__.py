from competition.models.application import Application, Attachment, Revision
from competition.models.award import Award
from competition.models.cluster import Cluster
from competition.models.competition import Competition, Round, Track
from competition.models.condition import Condition
from competition.models.conflict import Conflict
from competition.models.decision import Meeting, Proposal, ProposalRow, Signature
from competition.models.document import Document
from competition.models.entry import Entry
from competition.models.group_draw import GroupDraw
from competition.models.nomination import Feeder, Nomination
from competition.models.organisation import Organisation
from competition.models.party import Party, RevisionParty
from competition.models.publicity import Notice, Objection
from competition.models.readmission import Comeback, Readmission
from competition.models.recommendation import Quota, Recommendation
from competition.models.region import Region
from competition.models.registration import Registration
from competition.models.reopening import Reopening
from competition.models.rules import AdvancementRule, Form, RulesEdition, WorkdayException
from competition.models.sector import Sector
from competition.models.standing import Standing, Standings
from competition.models.substitution import Substitution
from competition.models.webhook import Delivery, Webhook

__all__ = [
    "AdvancementRule",
    "Application",
    "Attachment",
    "Award",
    "Cluster",
    "Comeback",
    "Competition",
    "Condition",
    "Conflict",
    "Delivery",
    "Document",
    "Entry",
    "Feeder",
    "Form",
    "GroupDraw",
    "Meeting",
    "Nomination",
    "Notice",
    "Objection",
    "Organisation",
    "Party",
    "Proposal",
    "ProposalRow",
    "Quota",
    "Readmission",
    "Recommendation",
    "Region",
    "Registration",
    "Reopening",
    "Revision",
    "RevisionParty",
    "Round",
    "RulesEdition",
    "Sector",
    "Signature",
    "Standing",
    "Standings",
    "Substitution",
    "Track",
    "Webhook",
    "WorkdayException",
]
