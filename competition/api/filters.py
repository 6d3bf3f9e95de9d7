"""What a list may be asked for by. A value that is none is a fault, not an empty list."""

import django_filters
from django import forms

from accounts.api.pages import KeyFilter
from competition.domain.states import APPLICATION, AWARD, COMPETITION, ENTRY, ROUND


def states(machine):
    return [(state, state) for state in sorted(machine.states)]


class Year(django_filters.NumberFilter):
    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1900, max_value=2999, **kwargs)


class OfCompetitions(django_filters.FilterSet):
    year = Year()
    level = django_filters.ChoiceFilter(choices=[("nation", "nation"), ("province", "province")])
    region = django_filters.CharFilter(max_length=12)
    state = django_filters.ChoiceFilter(choices=states(COMPETITION))
    ordering = django_filters.OrderingFilter(fields=["id", "year", "published_at"])


class OfRounds(django_filters.FilterSet):
    competition = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(ROUND))
    ordering = django_filters.OrderingFilter(fields=["id", "order", "intake_closes", "judging_closes"])


class OfClusters(django_filters.FilterSet):
    sector = django_filters.CharFilter(field_name="sector__code", max_length=40)
    lead_region = django_filters.CharFilter(max_length=12)
    organisation = KeyFilter()
    ordering = django_filters.OrderingFilter(fields=["id", "name_zh", "name_en"])


class OfApplications(django_filters.FilterSet):
    competition = KeyFilter()
    round = KeyFilter()
    cluster = KeyFilter()
    organisation = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(APPLICATION))
    ordering = django_filters.OrderingFilter(fields=["id", "created_at"])


class OfEntries(django_filters.FilterSet):
    competition = KeyFilter(field_name="round__competition")
    round = KeyFilter()
    application = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(ENTRY))
    ordering = django_filters.OrderingFilter(fields=["id"])


class OfStandings(django_filters.FilterSet):
    track = django_filters.CharFilter(field_name="entry__track__code", max_length=40)
    group = django_filters.NumberFilter(field_name="entry__group", min_value=1, max_value=9999)
    entry = KeyFilter()
    ordering = django_filters.OrderingFilter(
        fields={"rank": "rank", "track_rank": "track_rank", "group_rank": "group_rank", "entry_id": "entry"}
    )


class OfAwards(django_filters.FilterSet):
    competition = KeyFilter(field_name="entry__round__competition")
    round = KeyFilter(field_name="entry__round")
    entry = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(AWARD))
    ordering = django_filters.OrderingFilter(fields=["id", "number", "valid_from"])
