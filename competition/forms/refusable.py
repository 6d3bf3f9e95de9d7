"""What every form of a page that calls a service does with a refusal."""

from django import forms

from ledger.domain.reason import Refused
from ledger.reasons import say

STALE = "competition.changed_meanwhile"


class RefusableForm(forms.Form):
    """`refuse` puts the reasons at their field, else at the top; what was typed stays."""

    def refuse(self, refused: Refused) -> None:
        field = refused.field if refused.field in self.fields and not self.fields[refused.field].widget.is_hidden else None
        self.add_error(field, [say(reason) for reason in refused.reasons])

    def freeze(self) -> None:
        """Shows what it holds and takes nothing in."""
        for field in self.fields.values():
            field.disabled = True
            field.required = False


class VersionedForm(RefusableForm):
    """Carries the version that the editor began from. After a refusal for a change meanwhile it carries the present one, so that
    saving once more is a decision and not an accident."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def refuse_stale(self, refused: Refused, current: int) -> None:
        self.refuse(refused)
        if any(reason.code == STALE for reason in refused.reasons):
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = current
