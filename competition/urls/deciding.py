"""Proposals, release, publicity, awards; the homes of deciders and supervisors."""

from django.urls import path

from competition.views import awards, conditions, deciding, proposals, publicity, records, supervision

IN = "c/<int:pk>/"
PROPOSAL = f"{IN}decisions/proposals/<int:proposal_pk>/"
NOTICE = f"{IN}decisions/notices/<int:notice_pk>/"
CONDITION = f"{IN}decisions/conditions/<int:condition_pk>/"
AWARDS = f"{IN}decisions/rounds/<int:round_pk>/awards/"

urlpatterns = [
    path("deciding/", deciding.home, name="decider_home"),
    path(f"{IN}decisions/", deciding.decision_list, name="decision_list"),
    path(f"{IN}decisions/rounds/<int:round_pk>/propose/", proposals.proposal_create, name="proposal_create"),
    path(PROPOSAL, proposals.proposal_detail, name="proposal_detail"),
    path(f"{PROPOSAL}rows/<int:row_pk>/", proposals.outcome_change, name="outcome_change"),
    path(f"{PROPOSAL}table/", proposals.proposal_table, name="proposal_table"),
    path(f"{PROPOSAL}withdraw/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path(f"{PROPOSAL}meeting/", proposals.meeting_record, name="meeting_record"),
    path(f"{PROPOSAL}minutes/", proposals.meeting_minutes, name="meeting_minutes"),
    path(f"{PROPOSAL}sign/", proposals.proposal_sign, name="proposal_sign"),
    path(NOTICE, publicity.notice_detail, name="notice_detail"),
    path(f"{NOTICE}objections/new/", publicity.objection_record, name="objection_record"),
    path(f"{IN}decisions/objections/<int:objection_pk>/", publicity.objection_detail, name="objection_detail"),
    path(f"{IN}decisions/objections/<int:objection_pk>/withdraw/", publicity.objection_withdraw, name="objection_withdraw"),
    path(AWARDS, awards.award_list, name="award_list"),
    path(f"{AWARDS}certificates/", awards.certificates_issue, name="certificates_issue"),
    path(f"{IN}decisions/awards/<int:award_pk>/revoke/", awards.award_revoke, name="award_revoke"),
    path(f"{IN}decisions/rounds/<int:round_pk>/conditions/", conditions.condition_list, name="condition_list"),
    path(f"{CONDITION}met/", conditions.condition_meet, name="condition_meet"),
    path(f"{CONDITION}missed/", conditions.condition_miss, name="condition_miss"),
    path(f"{CONDITION}time/", conditions.condition_extend, name="condition_extend"),
    path("supervision/", supervision.home, name="supervisor_home"),
    path("supervision/records/", records.record_list, name="record_list"),
    path("supervision/readings/", records.reading_list, name="reading_list"),
    path("supervision/records.csv", records.record_export, name="record_export"),
    path("supervision/seals/", supervision.seal_list, name="seal_list"),
    path("supervision/seals/<int:number>/", supervision.seal_detail, name="seal_detail"),
    path(f"{IN}ledger/", records.ledger_list, name="ledger_list"),
    path(f"{IN}ledger/applications/<int:application_pk>/", supervision.application_life, name="application_life"),
    path(f"{IN}ledger/entries/<int:entry_pk>/", supervision.entry_life, name="entry_life"),
]
