"""The organiser's intake: what was submitted, and what becomes of it."""

from django.urls import path

from competition.views import intake

IN = "c/<int:pk>/intake/"
ONE = f"{IN}<int:application_pk>/"

urlpatterns = [
    path(IN, intake.intake_list, name="intake_list"),
    path(ONE, intake.intake_detail, name="intake_detail"),
    path(f"{ONE}accept/", intake.application_accept, name="application_accept"),
    path(f"{ONE}return/", intake.application_return, name="application_return"),
    path(f"{ONE}extend/", intake.application_extend, name="application_extend"),
    path(f"{ONE}refuse/", intake.application_refuse, name="application_refuse"),
    path("c/<int:pk>/entries/<int:entry_pk>/withdraw/", intake.entry_withdraw, name="entry_withdraw"),
    path("c/<int:pk>/entries/<int:entry_pk>/disqualify/", intake.entry_disqualify, name="entry_disqualify"),
]
