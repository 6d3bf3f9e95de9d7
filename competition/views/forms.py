"""The application form of a round: its fields, one field, the whole as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.domain.form_edit import field_of, offered, rebuilt, with_field, with_new_field
from competition.forms.definition import DefinitionForm, FieldAddForm, FieldForm, FileForm, ItemFormSet, OptionFormSet, item_initial
from competition.selectors.formats import read_format
from competition.selectors.rules import form_of
from competition.services.rules import save_form
from competition.views.setting import frame, round_in
from competition.wording import field_limits, text
from ledger.domain import canonical
from ledger.domain.reason import Refused

EMPTY = {"title": {"zh": "申报书", "en": "Application form"}, "years": 3, "sections": []}


def _form(round):
    row = form_of(round)
    return (row.definition, row.version) if row else (EMPTY, 0)


def _save(request, round, definition, form, then) -> HttpResponse | None:
    try:
        save_form(round, definition=definition, version=form.cleaned_data["version"], actor=request.user, at=timezone.now())
    except Refused as refused:
        form.refuse_stale(refused, _form(round)[1])
        return None
    messages.success(request, _("Saved."))
    return redirect(*then)


@require_http_methods(["GET", "POST"])
def form_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    definition, version = _form(round)
    lines = offered(definition, read_format()["rounds"][0]["form"])
    form = DefinitionForm(request.POST if request.method == "POST" else None, lines=lines, initial={"version": version})
    if round.competition.state != "draft":
        form.freeze()
    elif form.is_valid() and (
        answer := _save(request, round, rebuilt(definition, lines, form.choices()), form, ("competition:form_edit", pk, round_pk))
    ):
        return answer
    language = get_language()
    context = frame(round.competition, "form", round, "competition:form_edit") | {
        "form": form,
        "sections": [
            (text(section["label"], language), [(*row, text(row[0]["label"], language), field_limits(row[0], language)) for row in rows])
            for section, rows in form.sections()
        ],
        "years": definition["years"],
        "version": version,
    }
    return render(request, "competition/setup/form_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def form_field_add(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    definition, version = _form(round)
    form = FieldAddForm(request.POST if request.method == "POST" else None, definition=definition, initial={"version": version})
    if form.is_valid():
        then = ("competition:form_field_edit", pk, round_pk, form.cleaned_data["code"])
        if answer := _save(request, round, with_new_field(definition, form.to_section(), form.to_field()), form, then):
            return answer
    context = frame(round.competition, "form", round) | {"form": form}
    return render(request, "competition/setup/form_field_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def form_field_edit(request, pk, round_pk, code):
    round = round_in(request, pk, round_pk)
    definition, version = _form(round)
    field = field_of(definition, code)
    if field is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = FieldForm(data, field=field, version=version)
    formset = _parts_of(field, data)
    frozen = round.competition.state != "draft"
    if frozen:
        form.freeze()
    elif data is not None and form.is_valid() and (formset is None or formset.is_valid()):
        changed = form.to_field() | ({} if formset is None else _parts(field, formset))
        if answer := _save(request, round, with_field(definition, changed), form, ("competition:form_field_edit", pk, round_pk, code)):
            return answer
    wrong = data is not None and (form.errors or (formset is not None and formset.total_error_count()))
    context = frame(round.competition, "form", round) | {
        "form": form,
        "formset": formset,
        "field": field,
        "label": text(field["label"], get_language()),
        "computed": {item["code"] for item in field.get("items", []) if "computed" in item},
    }
    return render(request, "competition/setup/form_field_edit.html", context, status=422 if wrong else 200)


def _parts_of(field, data):
    """The formset of a choice's options or a table's items."""
    if field["type"] == "choice":
        initial = [{"code": row["code"], "label_zh": row["label"]["zh"], "label_en": row["label"]["en"]} for row in field["options"]]
        return OptionFormSet(data, prefix="parts", initial=initial)
    if field["type"] == "table":
        return ItemFormSet(data, prefix="parts", initial=[item_initial(item) for item in field["items"]])
    return None


def _parts(field, formset) -> dict:
    rows = [form for form in formset.ordered_forms if form.cleaned_data.get("code")]
    if field["type"] == "choice":
        return {"options": [form.to_json() for form in rows]}
    before = {item["code"]: item for item in field["items"]}
    return {"items": [form.to_json(before.get(form.initial.get("code") or form.cleaned_data["code"], {})) for form in rows]}


@require_http_methods(["GET", "POST"])
def form_file(request, pk, round_pk):
    """The whole definition: get it as a file, or give one in its place."""
    round = round_in(request, pk, round_pk)
    definition, version = _form(round)
    if request.method == "GET" and "download" in request.GET:
        name = f"{round.competition.code}-{round.code}-form-{version}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(canonical.encode(definition), content_type="application/json", headers=headers)
    form = FileForm(request.POST or None, request.FILES or None, initial={"version": version})
    if form.is_valid() and (answer := _save(request, round, form.cleaned_data["file"], form, ("competition:form_edit", pk, round_pk))):
        return answer
    context = frame(round.competition, "form", round) | {"form": form}
    return render(request, "competition/setup/form_file.html", context, status=422 if form.errors else 200)
