"""Who is bound to which cluster. Declared conflicts are rows; derived ones come from providers that any app registers
(an evaluator's employer is known above)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from accounts import person
from competition.models import Conflict

Provider = Callable[[Iterable[int], Iterable[int]], Iterable[tuple[int, int, str]]]
Possible = Callable[[Any], bool]
_providers: list[tuple[Provider, Possible]] = []


def register(*, possible: Possible) -> Callable[[Provider], Provider]:
    """`provider(user_ids, cluster_ids)` → (user id, cluster id, kind), as many queries whatever their number. Ids may be a
    queryset: pass them on to the database, do not loop over them. `possible(user)`: False only where it would find nothing of
    this person; answered from what is known of the person anyway, so that it costs nothing."""

    def add(provider: Provider) -> Provider:
        _providers.append((provider, possible))
        return provider

    return add


person.register("conflict", lambda: Exists(Conflict.objects.filter(user=OuterRef("pk"), ended_at=None)))


@register(possible=lambda user: person.fact(user, "conflict"))
def declared(user_ids, cluster_ids):
    return (
        Conflict.objects.filter(user__in=user_ids, cluster__in=cluster_ids, ended_at=None)
        .values_list("user_id", "cluster_id", "kind")
        .order_by("id")
    )


def conflicts(user_ids, cluster_ids) -> dict[tuple[int, int], list[str]]:
    """(user, cluster) → kinds of conflict, only those that there are. Ids as a list, set or queryset (then a subquery)."""
    return _found([provider for provider, _possible in _providers], user_ids, cluster_ids)


def conflicts_of(user, cluster_ids) -> dict[int, list[str]]:
    """Cluster → kinds of conflict of one person; no query of whom is known to have none."""
    asked = [provider for provider, possible in _providers if possible(user)]
    return {cluster: kinds for (_user, cluster), kinds in _found(asked, [user.pk], cluster_ids).items()}


def _found(providers, user_ids, cluster_ids) -> dict[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for provider in providers:
        for user_id, cluster_id, kind in provider(user_ids, cluster_ids):
            found.setdefault((user_id, cluster_id), []).append(kind)
    return found
