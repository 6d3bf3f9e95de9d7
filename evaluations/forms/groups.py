"""Into which group an entry goes, by hand."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competition.domain.groups import may_take
from competition.forms.refusable import RefusableForm


class MoveForm(RefusableForm):
    """`to` is "group:2", or "entry:15" in exchange for that entry."""

    to = forms.ChoiceField(label=gettext_lazy("Into"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        help_text=gettext_lazy("It is kept in the ledger."),
    )

    def __init__(self, *args, entry, sizes, beside, most, **kwargs):
        super().__init__(*args, **kwargs)
        groups = [
            (f"group:{number}", _("Group %(number)s (%(size)s of at most %(most)s)") % {"number": number, "size": size, "most": most})
            for number, size in sizes.items()
            if number != entry.group and may_take(sizes, number, most)
        ]
        others = [
            (f"entry:{row.pk}", _("%(entry)s, group %(number)s") % {"entry": row.application.cluster, "number": row.group})
            for row in beside
            if entry.group is not None and row.group != entry.group
        ]
        named = ((_("A group with room"), groups), (_("In exchange for"), others))
        self.fields["to"].choices = [("", "—"), *((label, options) for label, options in named if options)]

    def target(self) -> tuple[str, int]:
        """("group", its number) or ("entry", its id)."""
        kind, _colon, number = self.cleaned_data["to"].partition(":")
        return kind, int(number)
