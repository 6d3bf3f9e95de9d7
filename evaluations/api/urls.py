from django.urls import path

from evaluations.api import findings, groups, own, seats, views

urlpatterns = [
    path("assignments/", views.Assignments.as_view(), name="api_assignments"),
    path("assignments/<int:seat_pk>/", views.OneAssignment.as_view(), name="api_assignment"),
    path("assignments/<int:seat_pk>/confirmation/", own.Confirmation.as_view(), name="api_seat_confirmation"),
    path("assignments/<int:seat_pk>/recusal/", own.Recusal.as_view(), name="api_recusal"),
    path("rounds/<int:round_pk>/undertaking/", own.UndertakingSign.as_view(), name="api_undertaking"),
    path("competitions/<int:competition_pk>/evaluators/", seats.Evaluators.as_view(), name="api_evaluators"),
    path("rounds/<int:round_pk>/groups/", groups.Groups.as_view(), name="api_groups"),
    path("entries/<int:entry_pk>/group/", groups.GroupMove.as_view(), name="api_group_move"),
    path("rounds/<int:round_pk>/seats/", seats.Seats.as_view(), name="api_seats"),
    path("rounds/<int:round_pk>/seats/computation/", seats.SeatsComputation.as_view(), name="api_seats_computation"),
    path("rounds/<int:round_pk>/seats/publication/", seats.SeatsPublication.as_view(), name="api_seats_publication"),
    path("seats/<int:seat_pk>/", seats.OneSeat.as_view(), name="api_seat"),
    path("seats/<int:seat_pk>/replacement/", seats.Replacement.as_view(), name="api_replacement"),
    path("seats/<int:seat_pk>/waiver/", seats.Waiver.as_view(), name="api_waiver"),
    path("seats/<int:seat_pk>/extension/", seats.SeatExtension.as_view(), name="api_seat_extension"),
    path("seats/<int:seat_pk>/return/", seats.SheetReturn.as_view(), name="api_sheet_return"),
    path("rounds/<int:round_pk>/findings/", findings.Findings.as_view(), name="api_findings"),
    path("rounds/<int:round_pk>/unchecked/", findings.Unchecked.as_view(), name="api_unchecked"),
    path("rounds/<int:round_pk>/passing/", findings.PassRest.as_view(), name="api_passing"),
    path("entries/<int:entry_pk>/findings/", findings.FindingRecord.as_view(), name="api_finding_record"),
    path("findings/<int:finding_pk>/withdrawal/", findings.FindingWithdrawal.as_view(), name="api_finding_withdrawal"),
    path("sheets/", views.Sheets.as_view(), name="api_sheets"),
    path("sheets/<int:sheet_pk>/", views.OneSheet.as_view(), name="api_sheet"),
    path("sheets/<int:sheet_pk>/submission/", views.SheetSubmission.as_view(), name="api_sheet_submission"),
]
