"""Partners of a joint entry, a row for each. What is wrong is said by `competition.domain.parties`, so that no row is lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.domain.parties import FIELDS, MOST, TEXTS, tidy
from competition.models import Region
from ledger.reasons import say


class PartyForm(forms.Form):
    use_required_attribute = False

    name_zh = forms.CharField(label=_("Chinese name"), max_length=TEXTS["name_zh"], required=False)
    name_en = forms.CharField(label=_("English name"), max_length=TEXTS["name_en"], required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, required=False, help_text=_("18 characters; the last one is a check digit.")
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    role = forms.CharField(
        label=_("What it contributes"),
        max_length=TEXTS["role"],
        required=False,
        help_text=_("One sentence; evaluators read it unless the round is judged blind."),
    )

    def __init__(self, *args, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("Choose a region")), *regions]
        for name in ("name_zh", "credit_code", "region"):  # asked for once anything stands in the row
            self.fields[name].conditional = True

    def typed(self) -> dict[str, str]:
        """As it was sent, right or wrong."""
        return {name: str(self.data.get(self.add_prefix(name), "")) for name in FIELDS}


class _PartyFormSet(forms.BaseFormSet):
    def kept(self) -> list[PartyForm]:
        """The rows that hold something and are not to go, in their order."""
        return [form for form in self.forms if self.is_bound and not form.data.get(form.add_prefix("DELETE")) and tidy([form.typed()])]

    def rows(self) -> list[dict[str, str]]:
        return [form.typed() for form in self.kept()]

    def show(self, faults) -> None:
        """Puts (path, reason) at the row and field that it names, in place of what the fields themselves have found."""
        kept, self.others = self.kept(), []
        for form in self.forms:
            form.errors.clear()
        for path, reason in faults:
            _parties, _dot, place = path.partition(".")
            number, _dot, name = place.partition(".")
            if number:
                kept[int(number)].add_error(name, say(reason))
            else:
                self.others.append(say(reason))


PartyFormSet = forms.formset_factory(
    PartyForm, formset=_PartyFormSet, extra=2, can_delete=True, can_delete_extra=False, max_num=MOST, absolute_max=MOST + 2
)


def region_choices() -> list[tuple[str, str]]:
    """Every region, read once for all rows."""
    return [(region.pk, str(region)) for region in Region.objects.all()]
