"""Why there is no assignment: the constraint that is short, counted."""

from collections import Counter

from evaluations.domain.assignment_flow import Network
from evaluations.domain.assignment_problem import GROUNDS, Load, Problem, without_required
from ledger.domain.reason import Reason, Refused

MOST_NAMED = 20


def refuse_contradictions(problem: Problem) -> None:
    entries, evaluators = {need.entry for need in problem.needs}, {load.evaluator for load in problem.loads}
    if len(entries) < len(problem.needs) or len(evaluators) < len(problem.loads):
        raise ValueError("an entry or evaluator stands twice in the problem")
    if unknown := set(problem.forbidden.values()) - set(GROUNDS):
        raise ValueError(f"unknown grounds: {sorted(unknown)}")
    faults = []
    for entry, evaluator in sorted(problem.required):
        if entry not in entries or evaluator not in evaluators:
            name = entry if entry not in entries else evaluator
            faults.append(Reason("evaluations.assignment_name_unknown", {"name": name}))
        elif (entry, evaluator) in problem.forbidden:
            faults.append(Reason("evaluations.assignment_pair_forbidden", {"entry": entry, "evaluator": evaluator}))
    for load in problem.loads:
        if load.least > load.most:
            params = {"evaluator": load.evaluator, "least": load.least, "most": load.most}
            faults.append(Reason("evaluations.assignment_load_reversed", params))
    if faults:
        raise Refused(*faults)


def counted_shortages(problem: Problem) -> list[Reason]:
    """Constraints that are short by themselves: an entry, an evaluator, or the whole."""
    by_entry, by_evaluator = _open_to(problem)
    evaluators = {load.evaluator for load in problem.loads}
    grounds: dict[str, Counter] = {}
    for (entry, evaluator), ground in problem.forbidden.items():
        if evaluator in evaluators:
            grounds.setdefault(entry, Counter())[ground] += 1
    required = {kind: Counter(pair[place] for pair in problem.required) for place, kind in enumerate(("entry", "evaluator"))}
    found = []
    for need in problem.needs:
        if by_entry[need.entry] < need.seats:
            params = {"entry": need.entry, "eligible": by_entry[need.entry], "seats": need.seats}
            found.append(Reason("evaluations.assignment_entry_short", params))
            for ground, number in sorted(grounds.get(need.entry, {}).items(), key=lambda item: (-item[1], item[0])):
                found.append(Reason(f"evaluations.assignment_excluded_{ground}", {"entry": need.entry, "count": number}))
        if required["entry"][need.entry] > need.seats:
            params = {"entry": need.entry, "required": required["entry"][need.entry], "seats": need.seats}
            found.append(Reason("evaluations.assignment_required_over_seats", params))
    for load in problem.loads:
        name = load.evaluator
        if by_evaluator[name] < load.least:
            params = {"evaluator": name, "eligible": by_evaluator[name], "least": load.least}
            found.append(Reason("evaluations.assignment_least_short", params))
        if required["evaluator"][name] > load.most:
            params = {"evaluator": name, "required": required["evaluator"][name], "most": load.most}
            found.append(Reason("evaluations.assignment_required_over_load", params))
    seats, most = sum(need.seats for need in problem.needs), sum(load.most for load in problem.loads)
    least = sum(load.least for load in problem.loads)
    if seats > most:
        found.append(Reason("evaluations.assignment_capacity_short", {"seats": seats, "most": most}))
    if seats < least:
        found.append(Reason("evaluations.assignment_seats_short", {"seats": seats, "least": least}))
    return found + _panel_shortages(problem)


def employer_shortage(problem: Problem) -> list[Reason]:
    """Before any solver is asked, which then names the entries. With one evaluator of an employer at an entry, an employer takes
    no more seats than there are entries open to it, nor than its evaluators' loads leave beside the anchors."""
    if not problem.one_per_employer:
        return []
    bound = {need.entry: need.seats for need in problem.needs if need.seats and need.entry not in problem.anchors}
    taken = Counter(name for entry, name in problem.required if entry in problem.anchors)
    room: Counter = Counter()
    people: dict[str, list[str]] = {}
    for load in problem.loads:
        employer = load.employer or f" {load.evaluator}"  # who has none is one of their own
        room[employer] += max(0, load.most - taken[load.evaluator])
        people.setdefault(employer, []).append(load.evaluator)
    barred = Counter()
    employer_of = {name: employer for employer, names in people.items() for name in names}
    by_employer: Counter = Counter(
        (entry, employer_of[name]) for entry, name in problem.forbidden if entry in bound and name in employer_of
    )
    for (_entry, employer), number in by_employer.items():
        barred[employer] += number == len(people[employer])
    most = sum(min(room[employer], len(bound) - barred[employer]) for employer in people)
    seats = sum(bound.values())
    if seats <= most or seats > sum(room.values()):  # the latter is told as it is
        return []
    return [Reason("evaluations.assignment_employers_together_short", {"seats": seats, "most": most})]


def _open_to(problem: Problem) -> tuple[Counter, Counter]:
    """How many evaluators are open to each entry, and how many entries with seats to each evaluator."""
    seated, names = {need.entry for need in problem.needs if need.seats}, {load.evaluator for load in problem.loads}
    known = [(entry, name) for entry, name in problem.forbidden if entry in seated and name in names]
    entries, evaluators = Counter(dict.fromkeys(seated, len(names))), Counter(dict.fromkeys(names, len(seated)))
    entries.subtract(entry for entry, _ in known)
    evaluators.subtract(name for _, name in known)
    return entries, evaluators


def _panel_shortages(problem: Problem) -> list[Reason]:
    """Entries whose panel cannot be composed from the evaluators open to it, whatever the others get."""
    if not problem.has_rules:
        return []
    found = []
    bounds, loads = problem.discipline_bounds(), {load.evaluator: load for load in problem.loads}
    held_by: dict[str, list[Load]] = {}
    for entry, evaluator in sorted(problem.required):
        held_by.setdefault(entry, []).append(loads[evaluator])
    for need in problem.needs:
        if not need.seats or need.entry in problem.anchors:
            continue
        open_to = [load for load in problem.loads if (need.entry, load.evaluator) not in problem.forbidden]
        fixed = held_by.get(need.entry, [])
        if problem.one_per_employer and len(open_to) >= need.seats:
            employers = len({load.employer for load in open_to} - {""}) + sum(not load.employer for load in open_to)
            if employers < need.seats:
                params = {"entry": need.entry, "employers": employers, "seats": need.seats}
                found.append(Reason("evaluations.assignment_employers_short", params))
            for employer, count in sorted(Counter(load.employer for load in fixed if load.employer).items()):
                if count > 1:
                    params = {"entry": need.entry, "employer": employer, "required": count}
                    found.append(Reason("evaluations.assignment_employer_required_twice", params))
        there, held = Counter(load.discipline for load in open_to), Counter(load.discipline for load in fixed)
        for discipline, (least, most) in bounds.items():
            params = {"entry": need.entry, "discipline": discipline}
            if there[discipline] < least:
                found.append(Reason("evaluations.assignment_discipline_short", params | {"eligible": there[discipline], "least": least}))
            if most is not None and held[discipline] > most:
                found.append(
                    Reason("evaluations.assignment_discipline_required_over", params | {"required": held[discipline], "most": most})
                )
        least = sum(least for least, _ in bounds.values())
        if least > need.seats:
            found.append(
                Reason("evaluations.assignment_disciplines_over_seats", {"entry": need.entry, "least": least, "seats": need.seats})
            )
        room = sum(min(count, _most(bounds, discipline, count)) for discipline, count in there.items())
        if room < need.seats <= len(open_to):
            found.append(Reason("evaluations.assignment_disciplines_under_seats", {"entry": need.entry, "most": room, "seats": need.seats}))
    return found


def _most(bounds: dict, discipline: str, count: int) -> int:
    most = bounds.get(discipline, (0, None))[1]
    return count if most is None else most


def flow_shortage(problem: Problem) -> list[Reason]:
    """Entries that together need more than the evaluators open to them can take, or least loads that together cannot be met."""
    problem = without_required(problem)
    if not any(need.seats for need in problem.needs):
        return []
    network = Network(problem)
    flow = network.flow([Load(load.evaluator, load.most) for load in problem.loads])
    if flow.full:
        return [] if network.flow(problem.loads).full else [Reason("evaluations.assignment_least_together_short")]
    reached = flow.reached()
    entries = [need for need in problem.needs if network.entry_at[need.entry] in reached]
    evaluators = [load for load in problem.loads if network.evaluator_at[load.evaluator] in reached]
    params = {
        "entries": [need.entry for need in entries][:MOST_NAMED],
        "count": len(entries),
        "seats": sum(need.seats for need in entries),
        "missing": flow.seats - int(flow.result.flow_value),
        "evaluators": [load.evaluator for load in evaluators][:MOST_NAMED],
    }
    return [Reason("evaluations.assignment_together_short", params)]
