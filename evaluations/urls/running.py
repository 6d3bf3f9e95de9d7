"""A round while it is judged and after: progress, seats, closing, standings."""

from django.urls import path

from evaluations.views import (
    analysis,
    explaining,
    findings,
    flags,
    nation,
    open_seats,
    own_figures,
    running,
    sheet_life,
    standing_entry,
    standings,
)

ROUND = "c/<int:pk>/rounds/<int:round_pk>/"
SEAT = "c/<int:pk>/seats/<int:seat_pk>/"
CHECK = "c/<int:pk>/entries/<int:entry_pk>/checks/<int:criterion_pk>/"

urlpatterns = [
    path("c/<int:pk>/provinces/", nation.nation_board, name="nation_board"),
    path("c/<int:pk>/progress/", running.progress, name="progress"),
    path("c/<int:pk>/ledger/sheets/<int:sheet_pk>/", sheet_life.sheet_life, name="sheet_life"),
    path("c/<int:pk>/standings/", running.newest_standings, name="newest_standings"),
    path(f"{ROUND}start/", running.round_start, name="round_start"),
    path("c/<int:pk>/progress/<int:round_pk>/", running.round_progress, name="round_progress"),
    path(f"{ROUND}close/", running.round_close, name="round_close"),
    path(f"{ROUND}reopen/", running.round_reopen, name="round_reopen"),
    path(f"{ROUND}reopen/answer/", running.reopening_answer, name="reopening_answer"),
    path("c/<int:pk>/standings/<int:round_pk>/", standings.standings, name="standings"),
    path("c/<int:pk>/standings/<int:round_pk>/<int:entry_pk>/", standing_entry.standing_entry, name="standing_entry"),
    path("c/<int:pk>/standings/<int:round_pk>/<int:entry_pk>/why/", explaining.standing_why, name="standing_why"),
    path("c/<int:pk>/standings/<int:round_pk>/analysis/", analysis.standings_analysis, name="standings_analysis"),
    path("c/<int:pk>/standings/<int:round_pk>/analysis/compute/", analysis.analysis_ask, name="analysis_ask"),
    path("c/<int:pk>/applications/<int:application_pk>/figures/<int:round_pk>/", own_figures.own_figures, name="own_figures"),
    path(f"{ROUND}outliers/", flags.round_outliers, name="round_outliers"),
    path("c/<int:pk>/checks/", findings.finding_now, name="finding_now"),
    path(f"{ROUND}checks/", findings.finding_list, name="finding_list"),
    path(f"{ROUND}checks/pass/", findings.finding_pass, name="finding_pass"),
    path(CHECK, findings.finding_edit, name="finding_edit"),
    path(f"{CHECK}withdraw/", findings.finding_withdraw, name="finding_withdraw"),
    path(f"{SEAT}extend/", open_seats.seat_extend, name="seat_extend"),
    path(f"{SEAT}replace/", open_seats.seat_replace, name="seat_replace"),
    path(f"{SEAT}waive/", open_seats.seat_waive, name="seat_waive"),
    path(f"{SEAT}return/", open_seats.sheet_return, name="sheet_return"),
]
