"""Who is bound to which cluster. Declared conflicts are rows; derived ones come from providers that any app registers
(an evaluator's employer is known above)."""

from collections.abc import Callable, Iterable

from competition.models import Conflict

Provider = Callable[[Iterable[int], Iterable[int]], Iterable[tuple[int, int, str]]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """`provider(user_ids, cluster_ids)` → (user id, cluster id, kind), as many queries whatever their number. Ids may be a
    queryset: pass them on to the database, do not loop over them."""
    _providers.append(provider)
    return provider


@register
def declared(user_ids, cluster_ids):
    return (
        Conflict.objects.filter(user__in=user_ids, cluster__in=cluster_ids, ended_at=None)
        .values_list("user_id", "cluster_id", "kind")
        .order_by("id")
    )


def conflicts(user_ids, cluster_ids) -> dict[tuple[int, int], list[str]]:
    """(user, cluster) → kinds of conflict, only those that there are. Ids as a list, set or queryset (then a subquery)."""
    found: dict[tuple[int, int], list[str]] = {}
    for provider in _providers:
        for user_id, cluster_id, kind in provider(user_ids, cluster_ids):
            found.setdefault((user_id, cluster_id), []).append(kind)
    return found
