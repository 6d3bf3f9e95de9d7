"""The judging, signed in: evaluators' own pages, and the organiser's pool, seats and sheets."""

from django.urls import path

from evaluations.views import flags, groups, jury, loads, own, plans, pool, progress, saving, seats, sheets

IN = "c/<int:pk>/"
SHEET = f"{IN}sheets/<int:sheet_pk>/"
SEAT = f"{IN}seats/<int:seat_pk>/"
ROUND = f"{IN}rounds/<int:round_pk>/"

urlpatterns = [
    path("judging/", own.my_sheets, name="my_sheets"),
    path("judging/signed-in/", own.signed_in, name="signed_in"),
    path(f"{IN}judging/<int:round_pk>/", own.my_round, name="my_round"),
    path(f"{IN}judging/<int:round_pk>/undertaking/", own.sign, name="undertaking_sign"),
    path(SEAT, own.seat_answer, name="seat_answer"),
    path(f"{SEAT}confirm/", own.seat_confirm, name="seat_confirm"),
    path(SHEET, sheets.sheet_edit, name="sheet_edit"),
    path(f"{SHEET}save/", saving.sheet_save, name="sheet_save"),
    path(f"{SHEET}submit/", sheets.sheet_submit, name="sheet_submit"),
    path(f"{SHEET}question/", flags.flag_answer, name="flag_answer"),
    path(f"{SHEET}files/<int:file_pk>/", sheets.sheet_file, name="sheet_file"),
    path(f"{IN}evaluators/", pool.evaluator_list, name="evaluator_list"),
    path(f"{IN}evaluators/enrol/", pool.evaluator_enrol, name="evaluator_enrol"),
    path(f"{IN}evaluators/<int:user_pk>/", pool.evaluator_edit, name="evaluator_edit"),
    path(f"{IN}conflicts/", pool.conflict_list, name="conflict_list"),
    path(f"{IN}conflicts/<int:conflict_pk>/end/", pool.conflict_end, name="conflict_end"),
    path(f"{IN}assignments/", seats.assignment_now, name="assignment_now"),
    path(f"{ROUND}assignments/", seats.assignment_board, name="assignment_board"),
    path(f"{ROUND}assignments/loads/", loads.assignment_loads, name="assignment_loads"),
    path(f"{ROUND}assignments/export/", loads.assignment_export, name="assignment_export"),
    path(f"{ROUND}assignments/plan/", plans.assignment_plan, name="assignment_plan"),
    path(f"{ROUND}assignments/plan/compute/", plans.assignment_solve, name="assignment_solve"),
    path(f"{ROUND}assignments/plan/changes/", plans.assignment_changes, name="assignment_changes"),
    path(f"{ROUND}assignments/plan/entries/", plans.assignment_entries, name="assignment_entries"),
    path(f"{ROUND}assignments/plan/entries/<int:entry_pk>/", plans.assignment_pairs, name="assignment_pairs"),
    path(f"{ROUND}assignments/plan/evaluators/", plans.assignment_evaluators, name="assignment_evaluators"),
    path(f"{ROUND}groups/", groups.group_list, name="group_list"),
    path(f"{ROUND}groups/draw/", groups.group_draw, name="group_draw"),
    path(f"{IN}entries/<int:entry_pk>/group/", groups.group_move, name="group_move"),
    path(f"{ROUND}assignments/jury/", jury.jury_edit, name="jury_edit"),
    path(f"{ROUND}assignments/publish/", seats.assignment_publish, name="assignment_publish"),
    path(f"{IN}entries/<int:entry_pk>/seats/", seats.entry_seats, name="entry_seats"),
    path(f"{SEAT}remove/", seats.seat_remove, name="seat_remove"),
    path(f"{IN}sheets/", progress.sheet_now, name="sheet_now"),
    path(f"{ROUND}sheets/", progress.sheet_list, name="sheet_list"),
]
