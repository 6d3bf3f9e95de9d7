"""What a list may be asked for by. A value that is none is a fault, not an empty list."""

import django_filters

from competition.domain.states import APPLICATION, ENTRY, ROUND


def _states(machine):
    return [(state, state) for state in sorted(machine.states)]


class OfRounds(django_filters.FilterSet):
    competition = django_filters.NumberFilter()
    state = django_filters.ChoiceFilter(choices=_states(ROUND))


class OfApplications(django_filters.FilterSet):
    competition = django_filters.NumberFilter()
    round = django_filters.NumberFilter()
    cluster = django_filters.NumberFilter()
    state = django_filters.ChoiceFilter(choices=_states(APPLICATION))
    ordering = django_filters.OrderingFilter(fields=["id", "created_at"])


class OfEntries(django_filters.FilterSet):
    competition = django_filters.NumberFilter(field_name="round__competition")
    round = django_filters.NumberFilter()
    application = django_filters.NumberFilter()
    state = django_filters.ChoiceFilter(choices=_states(ENTRY))
    ordering = django_filters.OrderingFilter(fields=["id"])


class OfAwards(django_filters.FilterSet):
    competition = django_filters.NumberFilter(field_name="entry__round__competition")
    round = django_filters.NumberFilter(field_name="entry__round")
    entry = django_filters.NumberFilter()
