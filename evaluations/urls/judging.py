"""The judging, signed in: evaluators' own pages."""

from django.urls import path

from evaluations.views import own, sheets

IN = "c/<int:pk>/"
SHEET = f"{IN}sheets/<int:sheet_pk>/"

urlpatterns = [
    path("judging/", own.my_sheets, name="my_sheets"),
    path("judging/signed-in/", own.signed_in, name="signed_in"),
    path(f"{IN}judging/<int:round_pk>/", own.my_round, name="my_round"),
    path(f"{IN}judging/<int:round_pk>/undertaking/", own.sign, name="undertaking_sign"),
    path(f"{IN}seats/<int:seat_pk>/", own.seat_answer, name="seat_answer"),
    path(f"{IN}seats/<int:seat_pk>/confirm/", own.seat_confirm, name="seat_confirm"),
    path(SHEET, sheets.sheet_edit, name="sheet_edit"),
    path(f"{SHEET}save/", sheets.sheet_save, name="sheet_save"),
    path(f"{SHEET}submit/", sheets.sheet_submit, name="sheet_submit"),
    path(f"{SHEET}files/<int:file_pk>/", sheets.sheet_file, name="sheet_file"),
]
