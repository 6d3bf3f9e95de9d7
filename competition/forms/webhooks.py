"""An address that is told of a competition."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm
from competition.labels import WEBHOOK_EVENTS


class WebhookForm(RefusableForm):
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Of the other system, beginning with https://. Every event is sent there as JSON, signed."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=tuple(WEBHOOK_EVENTS.items()), widget=forms.CheckboxSelectMultiple, initial=list(WEBHOOK_EVENTS)
    )
