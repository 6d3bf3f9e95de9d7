"""The applicant's pages."""

from django.urls import path

from competition.views import applying, attachments, drafting, outcomes, parties

IN = "c/<int:pk>/applications/<int:application_pk>/"

urlpatterns = [
    path("applications/", applying.application_list, name="application_list"),
    path("c/<int:pk>/apply/", applying.application_start, name="application_start"),
    path(IN, applying.application_detail, name="application_detail"),
    path(f"{IN}form/", drafting.application_edit, name="application_edit"),
    path(f"{IN}draft/", drafting.draft_save, name="draft_save"),
    path(f"{IN}files/<slug:slot>/", drafting.attachment_add, name="attachment_add"),
    path(f"{IN}parties/", parties.application_parties, name="application_parties"),
    path(f"{IN}submit/", applying.application_submit, name="application_submit"),
    path(f"{IN}withdraw/", applying.application_withdraw, name="application_withdraw"),
    path(f"{IN}resume/", applying.application_resume, name="application_resume"),
    path(f"{IN}revisions/<int:number>/", applying.revision_detail, name="revision_detail"),
    path(f"{IN}revisions/<int:number>/receipt/", applying.revision_receipt, name="revision_receipt"),
    path("c/<int:pk>/attachments/<int:attachment_pk>/", attachments.attachment_download, name="attachment_download"),
    path("c/<int:pk>/offers/<int:offer_pk>/", outcomes.offer_answer, name="offer_answer"),
]
