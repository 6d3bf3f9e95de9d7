"""Prints every table of states as Markdown; docs/lifecycles.md is this output."""

from django.core.management.base import BaseCommand

from competition import workflow
from competition.domain.guards import codes
from competition.domain.lifecycle import Machine

HEAD = """# Lifecycles

Printed by `manage.py lifecycles` from the tables; a test compares. An action that is not listed for a state is refused
in it. *Refused with* names the codes of the guard; the fact that it reads comes from a registered provider, under the
lock. What time decides (is the window open, is the period over) is derived and stands in no table.
"""


class Command(BaseCommand):
    help = "Print the tables of states as Markdown."

    def handle(self, **options):
        self.stdout.write("\n".join([HEAD, *(section(kind.machine) for kind in workflow.kinds())]), ending="")


def section(machine: Machine) -> str:
    states = ", ".join(f"`{state}`" for state in machine.states)
    final = ", ".join(f"`{state}`" for state in machine.final) or "none"
    lines = [f"## {machine.kind}", "", f"States: {states}. Final: {final}.", ""]
    lines += ["| Action | From | To | Facts | Refused with |", "|---|---|---|---|---|"]
    for row in machine.transitions:
        sources = ", ".join(state for state in machine.states if state in row.sources)
        refusals = ", ".join(code_names(row.guard))
        lines.append(f"| {row.action} | {sources} | {row.target} | {', '.join(row.facts)} | {refusals} |")
    return "\n".join(lines) + "\n"


def code_names(guard) -> tuple[str, ...]:
    return tuple(f"`{code}`" for code in codes(guard))
