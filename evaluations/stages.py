"""Words and pills of the stages that a seat passes through."""

from django.utils.translation import pgettext_lazy

STAGE_WORDS = {
    "proposed": (pgettext_lazy("stage of a seat", "not published"), ""),
    "published": (pgettext_lazy("stage of a seat", "conflict not answered"), ""),
    "confirmed": (pgettext_lazy("stage of a seat", "not begun"), ""),
    "begun": (pgettext_lazy("stage of a seat", "being filled in"), "plain"),
    "returned": (pgettext_lazy("stage of a seat", "returned"), "warn"),
    "submitted": (pgettext_lazy("stage of a seat", "submitted"), "in"),
    "recused": (pgettext_lazy("stage of a seat", "recused"), "err"),
    "replaced": (pgettext_lazy("stage of a seat", "replaced"), "out"),
    "waived": (pgettext_lazy("stage of a seat", "waived"), "out"),
}
# What an organiser can do with a seat at each stage: (url name, verb).
EXTEND = ("evaluations:seat_extend", pgettext_lazy("a seat", "Extend"))
REPLACE = ("evaluations:seat_replace", pgettext_lazy("a seat", "Replace"))
WAIVE = ("evaluations:seat_waive", pgettext_lazy("a seat", "Waive"))
RETURN = ("evaluations:sheet_return", pgettext_lazy("a sheet", "Return"))
ACTIONS = {
    "published": (EXTEND, REPLACE, WAIVE),
    "confirmed": (EXTEND, REPLACE, WAIVE),
    "begun": (EXTEND, REPLACE, WAIVE),
    "returned": (EXTEND, REPLACE, WAIVE),
    "submitted": (RETURN,),
    "recused": (REPLACE, WAIVE),
}
