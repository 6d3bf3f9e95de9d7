"""The jury of a round that is decided by a vote: who of the pool sits, and whom a conflict keeps from which entries."""

from dataclasses import dataclass

from competition.permissions.conflicts import conflicts
from evaluations.models import Assignment, Evaluator
from evaluations.selectors.assignments import HELD, judged_entries, pool


@dataclass
class Member:
    """`free`: entries that nothing binds the person to, `excused`: the others; `seats` held, `shown` of them published."""

    evaluator: Evaluator
    free: int
    excused: int
    seats: int
    shown: int


@dataclass
class Jury:
    """`pairs`: (entry id, evaluator id) that may be seated; `taken`: those that are or were, with the seat's state."""

    entries: list
    members: list[Member]
    pairs: list[tuple[int, int]]
    taken: dict[tuple[int, int], str]

    @property
    def sitting(self) -> set[int]:
        """Ids of the evaluators who hold a seat."""
        return {evaluator for (_entry, evaluator), state in self.taken.items() if state in HELD}

    def missing(self, members) -> list[tuple[int, int]]:
        """The seats that these members do not have yet."""
        return [pair for pair in self.pairs if pair[1] in members and pair not in self.taken]


def jury_of(round) -> Jury:
    """As many queries whatever the number of entries and people."""
    entries, people = list(judged_entries(round)), list(pool(round.competition))
    bound = conflicts([one.user_id for one in people], {entry.application.cluster_id for entry in entries})
    seats = Assignment.objects.filter(entry__round=round).values_list("entry_id", "evaluator_id", "state")
    taken = {(entry, evaluator): state for entry, evaluator, state in seats}
    pairs, members = [], []
    for one in people:
        free = [entry.pk for entry in entries if (one.user_id, entry.application.cluster_id) not in bound]
        pairs += [(entry, one.pk) for entry in free]
        own = [state for (_entry, evaluator), state in taken.items() if evaluator == one.pk and state in HELD]
        members.append(Member(one, len(free), len(entries) - len(free), len(own), sum(1 for state in own if state != "proposed")))
    return Jury(entries, members, sorted(pairs), taken)
