"""The application form's own editor."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.domain.blindness import NAMING
from competition.domain.form_edit import Choice
from competition.forms.refusable import RefusableForm, VersionedForm

TYPES = (
    ("text", _("Short text")),
    ("long_text", _("Long text")),
    ("number", _("Number with unit")),
    ("choice", _("Choice")),
    ("credit_code", _("Unified social credit code")),
    ("undertaking", _("Undertaking")),
    ("attachment", _("Attachment")),
    ("table", _("Table of figures over years")),
)
FILE_TYPES = (("pdf", "PDF"), ("jpg", "JPG"), ("png", "PNG"), ("docx", "DOCX"), ("xlsx", "XLSX"))
CODE = r"^[a-z][a-z0-9_]{0,39}$"
DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
CODE_WORDS = {"invalid": _("A small letter first, then small letters, digits or underscores.")}
DECIMAL_WORDS = {"invalid": _("A decimal with a point, such as 12.5.")}


def decimal_field(label, **more):
    return forms.RegexField(label=label, regex=DECIMAL, required=False, error_messages=DECIMAL_WORDS, **more)


def words_fields(form, name, label_zh, label_en, *, required, long=False):
    widget = forms.Textarea(attrs={"rows": 2}) if long else None
    for language, label in (("zh", label_zh), ("en", label_en)):
        form.fields[f"{name}_{language}"] = forms.CharField(label=label, required=required, max_length=500, widget=widget)


class DefinitionForm(VersionedForm):
    """One line per field of the form and of the library: `use_CODE`, `required_CODE`, `order_CODE`."""

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            for place, (field, used) in enumerate(line["fields"], start=1):
                code = field["code"]
                self.fields[f"use_{code}"] = forms.BooleanField(label=_("In the form"), required=False, initial=used)
                self.fields[f"required_{code}"] = forms.BooleanField(
                    label=_("Must be answered"), required=False, initial=field.get("required", True)
                )
                self.fields[f"order_{code}"] = forms.IntegerField(
                    label=_("Place"), min_value=0, max_value=999, initial=place * 10, required=False
                )

    def sections(self):
        """Section, and its rows: field, is it in the form now, bound fields."""
        return [
            (
                line["section"],
                [
                    (field, used, *(self[f"{name}_{field['code']}"] for name in ("use", "required", "order")))
                    for field, used in line["fields"]
                ],
            )
            for line in self.lines
        ]

    def clean(self):
        data = super().clean()
        if not any(value for name, value in data.items() if name.startswith("use_")):
            self.add_error(None, _("A form needs at least one field."))
        return data

    def choices(self) -> dict[str, Choice]:
        codes = [field["code"] for line in self.lines for field, _used in line["fields"]]
        data = self.cleaned_data
        return {code: Choice(data[f"use_{code}"], data[f"required_{code}"], data[f"order_{code}"] or 0) for code in codes}


class FieldForm(VersionedForm):
    """Label, help and limits of one field, by its type."""

    def __init__(self, *args, field, version, **kwargs):
        kwargs["initial"] = {"version": version, **_initial(field)}
        super().__init__(*args, **kwargs)
        self.field = field
        words_fields(self, "label", _("Label in Chinese"), _("Label in English"), required=True, long=True)
        words_fields(self, "help", _("Hint in Chinese"), _("Hint in English"), required=False, long=True)
        kind = field["type"]
        if kind not in ("table", "undertaking", *NAMING):
            self.fields["identifying"] = forms.BooleanField(
                label=_("Tells who applies"), required=False, help_text=_("Kept from the evaluators of a blind round.")
            )
        if kind in ("text", "long_text"):
            self.fields["min_words"] = forms.IntegerField(label=_("At least (words)"), min_value=1, required=False)
            self.fields["max_words"] = forms.IntegerField(
                label=_("At most (words)"), min_value=1, required=False, help_text=_("In Chinese each character counts as a word.")
            )
        elif kind == "number":
            words_fields(self, "unit", _("Unit in Chinese"), _("Unit in English"), required=False)
            self.fields["decimals"] = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=6, required=False)
            self.fields["min"] = decimal_field(_("Least value"))
            self.fields["max"] = decimal_field(_("Greatest value"))
        elif kind == "attachment":
            self.fields["types"] = forms.MultipleChoiceField(
                label=_("Kinds of file"), choices=FILE_TYPES, widget=forms.CheckboxSelectMultiple
            )
            self.fields["max_mb"] = forms.IntegerField(label=_("Size of each, at most (MB)"), min_value=1, max_value=100)
            self.fields["max_files"] = forms.IntegerField(label=_("Number of files, at most"), min_value=1, max_value=50, required=False)
        elif kind == "choice":
            self.fields["multiple"] = forms.BooleanField(label=_("Several may be chosen"), required=False)

    def clean(self):
        data = super().clean()
        for name in ("help", "unit"):
            first, second = data.get(f"{name}_zh"), data.get(f"{name}_en")
            if bool(first) != bool(second):
                self.add_error(f"{name}_{'en' if first else 'zh'}", _("Give it in both languages, or in neither."))
        if data.get("min_words") and data.get("max_words") and data["max_words"] < data["min_words"]:
            self.add_error("max_words", _("The most is below the least."))
        if data.get("min") and data.get("max") and float(data["max"]) < float(data["min"]):
            self.add_error("max", _("The greatest value is below the least."))
        return data

    def to_field(self) -> dict:
        """The field with what was typed; what the editor does not show stays as it is."""
        data = self.cleaned_data
        field = dict(self.field)
        for name in ("label", "help", "unit"):
            if data.get(f"{name}_zh"):
                field[name] = {language: data[f"{name}_{language}"] for language in ("zh", "en")}
            elif name != "label" and f"{name}_zh" in self.fields:
                field.pop(name, None)
        for name in ("min_words", "max_words", "decimals", "min", "max", "types", "max_mb", "max_files"):
            if name in self.fields:
                field.pop(name, None)
                if data.get(name) not in (None, "", []):
                    field[name] = data[name]
        for name in ("multiple", "identifying"):
            if name in self.fields:
                field.pop(name, None)
                field |= {name: True} if data[name] else {}
        return field


def _initial(field) -> dict:
    initial = {
        name: field[name]
        for name in ("min_words", "max_words", "decimals", "min", "max", "types", "max_mb", "max_files", "multiple", "identifying")
        if name in field
    }
    for name in ("label", "help", "unit"):
        initial |= {f"{name}_{language}": words for language, words in field.get(name, {}).items()}
    return initial


class OptionForm(RefusableForm):
    code = forms.RegexField(label=_("Short code"), regex=CODE, error_messages=CODE_WORDS)
    label_zh = forms.CharField(label=_("Label in Chinese"), max_length=200)
    label_en = forms.CharField(label=_("Label in English"), max_length=200)

    def to_json(self) -> dict:
        data = self.cleaned_data
        return {"code": data["code"], "label": {"zh": data["label_zh"], "en": data["label_en"]}}


class ItemForm(RefusableForm):
    """An item of a table. A computed one keeps its formula."""

    code = forms.RegexField(label=_("Short code"), regex=CODE, error_messages=CODE_WORDS)
    label_zh = forms.CharField(label=_("Label in Chinese"), max_length=200)
    label_en = forms.CharField(label=_("Label in English"), max_length=200)
    unit_zh = forms.CharField(label=_("Unit in Chinese"), max_length=40)
    unit_en = forms.CharField(label=_("Unit in English"), max_length=60)
    group = forms.CharField(label=_("Group"), max_length=20, required=False)
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=6, required=False)
    min = decimal_field(_("Least value"))
    max = decimal_field(_("Greatest value"))
    jump_low = decimal_field(_("Usual change on the year before, from (%)"))
    jump_high = decimal_field(_("to (%)"))
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)

    def clean(self):
        data = super().clean()
        if bool(data.get("jump_low")) != bool(data.get("jump_high")):
            self.add_error("jump_high", _("Give both ends of the range, or neither."))
        return data

    def to_json(self, before: dict) -> dict:
        data = self.cleaned_data
        item = {name: value for name, value in before.items() if name in ("note", "at_most", "computed")}
        item |= {"code": data["code"]}
        for name in ("label", "unit"):
            item[name] = {language: data[f"{name}_{language}"] for language in ("zh", "en")}
        for name in ("group", "decimals", "min", "max"):
            if data.get(name) not in (None, ""):
                item[name] = data[name]
        if data.get("jump_low"):
            item["jump"] = [data["jump_low"], data["jump_high"]]
        return item if data["required"] or "computed" in item else item | {"required": False}


def item_initial(item: dict) -> dict:
    initial = {name: item.get(name, "") for name in ("code", "group", "min", "max")} | {"decimals": item.get("decimals")}
    for name in ("label", "unit"):
        initial |= {f"{name}_{language}": words for language, words in item[name].items()}
    if "jump" in item:
        initial |= {"jump_low": item["jump"][0], "jump_high": item["jump"][1]}
    return initial | {"required": item.get("required", True)}


OptionFormSet = forms.formset_factory(OptionForm, extra=2, can_order=True, can_delete=True, max_num=100)
ItemFormSet = forms.formset_factory(ItemForm, extra=1, can_order=True, can_delete=True, max_num=200)


class FieldAddForm(VersionedForm):
    section = forms.ChoiceField(label=_("Section"))
    type = forms.ChoiceField(label=_("Kind of field"), choices=TYPES)
    code = forms.RegexField(
        label=_("Short code"),
        regex=CODE,
        error_messages=CODE_WORDS,
        help_text=_("Small letters, digits and underscores; answers are kept under it."),
    )
    label_zh = forms.CharField(label=_("Label in Chinese"), max_length=500)
    label_en = forms.CharField(label=_("Label in English"), max_length=500)
    new_section_zh = forms.CharField(label=_("Heading of the new section in Chinese"), max_length=120, required=False)
    new_section_en = forms.CharField(label=_("Heading of the new section in English"), max_length=120, required=False)

    NEW = "+"

    def __init__(self, *args, definition, **kwargs):
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["section"].choices = [
            *((row["code"], f"{row['label']['zh']} · {row['label']['en']}") for row in definition["sections"]),
            (self.NEW, _("A new section")),
        ]

    def clean(self):
        data = super().clean()
        if data.get("section") == self.NEW:
            for name in ("new_section_zh", "new_section_en"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A new section needs its heading."))
        if any(row["code"] == data.get("code") for section in self.definition["sections"] for row in section["fields"]):
            self.add_error("code", _("This code stands twice."))
        return data

    def to_section(self) -> dict:
        data = self.cleaned_data
        if data["section"] != self.NEW:
            return next(row for row in self.definition["sections"] if row["code"] == data["section"])
        known = {row["code"] for row in self.definition["sections"]}
        number = next(number for number in range(1, len(known) + 2) if f"section_{number}" not in known)
        return {"code": f"section_{number}", "label": {"zh": data["new_section_zh"], "en": data["new_section_en"]}}

    def to_field(self) -> dict:
        """A field that stands by itself; its page then asks for the rest."""
        data = self.cleaned_data
        field = {"code": data["code"], "type": data["type"], "label": {"zh": data["label_zh"], "en": data["label_en"]}}
        if data["type"] == "attachment":
            field |= {"types": ["pdf"], "max_mb": 20}
        elif data["type"] == "choice":
            field["options"] = [
                {"code": code, "label": {"zh": zh, "en": en}} for code, zh, en in (("yes", "是", "Yes"), ("no", "否", "No"))
            ]
        elif data["type"] == "table":
            field["items"] = [{"code": f"{data['code'][:34]}_1", "label": field["label"], "unit": {"zh": "个", "en": "number"}}]
        return field


class FileForm(VersionedForm):
    """A whole definition as a JSON file."""

    file = forms.FileField(label=_("Form as a JSON file"), help_text=_("At most 500 kB. It takes the place of the whole form."))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 500_000:
            raise forms.ValidationError(_("The file is larger than 500 kB."))
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as fault:  # also a thousand brackets
            raise forms.ValidationError(_("This is not a JSON file. Export the form and edit that file.")) from fault
