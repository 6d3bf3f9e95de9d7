"""Where evaluators begin, and what the menu leads organisers to in the judging."""

from django.utils.translation import gettext_lazy as _

from accounts import homes, menu
from evaluations.selectors.seats import open_tasks

homes.register("evaluator", "evaluations:my_sheets")
menu.register(
    menu.MenuEntry(
        "my_sheets",
        _("My score sheets"),
        "evaluations:my_sheets",
        "scale",
        frozenset({"evaluator"}),
        "",
        10,
        competition=False,
        count=lambda user, _competition: open_tasks(user),
        covers=("evaluations:my_", "evaluations:undertaking_", "evaluations:seat_answer", "evaluations:seat_confirm"),
    )
)
ORGANISER = frozenset({"organiser"})
for _entry in (
    menu.MenuEntry(
        "evaluators", _("Evaluators"), "evaluations:evaluator_list", "users", ORGANISER, "judging", 10, covers=("evaluations:conflict_",)
    ),
    menu.MenuEntry(
        "assignments",
        _("Assignment"),
        "evaluations:assignment_now",
        "hand",
        ORGANISER,
        "judging",
        20,
        covers=(
            "evaluations:assignment_",
            "evaluations:group_",
            "evaluations:jury_edit",
            "evaluations:entry_seats",
            "evaluations:seat_remove",
        ),
    ),
    menu.MenuEntry(
        "sheets", _("Score sheets"), "evaluations:sheet_now", "scale", ORGANISER, "judging", 30, covers=("evaluations:sheet_list",)
    ),
):
    menu.register(_entry)
