"""An action that only tests perform."""

from ledger import actions

DO = actions.register("thing.do", "Thing done")
