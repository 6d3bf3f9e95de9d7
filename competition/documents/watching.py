"""Where documents meet the shell: who may watch one being drawn, and their place in the menu."""

from django.utils.translation import gettext_lazy as _

from accounts import job_watchers, menu
from competition.documents import shelf

job_watchers.register("document", shelf.may_watch)
menu.register(
    menu.MenuEntry(
        "documents", _("Documents"), "competition:document_list", "doc", frozenset({"organiser", "decider", "supervisor"}), "results", 80
    )
)
