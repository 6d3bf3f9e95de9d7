import time

import numpy as np
import pytest

from evaluations.domain.ratings import Ratings
from evaluations.domain.severity import severity, z_scores
from tests.evaluations.domain.rating_tables import SHROUT_FLEISS, table


def by_least_squares(rows):
    """(severities, standard errors, studentised residuals) by one dense regression, each residual with a regression
    from which its row is left out."""
    entries, evaluators = len(rows), len(rows[0])
    cells = [(entry, judge, float(score)) for entry, row in enumerate(rows) for judge, score in enumerate(row) if score is not None]

    def design(cells):
        # effect coding: the last severity is minus the sum of the others
        matrix = np.zeros((len(cells), entries + evaluators - 1))
        for line, (entry, judge, _) in enumerate(cells):
            matrix[line, entry] = 1
            if judge < evaluators - 1:
                matrix[line, entries + judge] = 1
            else:
                matrix[line, entries:] = -1
        return matrix, np.array([score for _, _, score in cells])

    matrix, scores = design(cells)
    found, _, _, _ = np.linalg.lstsq(matrix, scores, rcond=None)
    free = len(cells) - entries - evaluators + 1
    spread = np.linalg.inv(matrix.T @ matrix) * ((scores - matrix @ found) ** 2).sum() / free
    last = np.zeros(entries + evaluators - 1)
    last[entries:] = -1
    errors = [*np.sqrt(np.diag(spread))[entries:], np.sqrt(last @ spread @ last)]
    t = []
    for place in range(len(cells)):
        rest, values = design(cells[:place] + cells[place + 1 :])
        if np.linalg.matrix_rank(rest) < rest.shape[1]:
            t.append(0.0)
            continue
        without, _, _, _ = np.linalg.lstsq(rest, values, rcond=None)
        variance = ((values - rest @ without) ** 2).sum() / (free - 1)
        away = scores[place] - matrix[place] @ without
        t.append(away / np.sqrt(variance * (1 + matrix[place] @ np.linalg.inv(rest.T @ rest) @ matrix[place])))
    return [*found[entries:], -found[entries:].sum()], errors, t


HOLES = [[80, 71, None], [90, None, 84], [None, 66, 70], [75, 68, 77], [88, 79, None], [61, 60, 66.5]]


@pytest.mark.parametrize("rows", [SHROUT_FLEISS, HOLES])
def test_severities_and_errors_are_those_of_a_dense_regression(rows):
    found = severity(table(rows))
    severities, errors, _ = by_least_squares(rows)
    assert found.severity == pytest.approx(severities)
    assert found.se == pytest.approx(errors)
    assert found.severity.sum() == pytest.approx(0)
    assert (found.components, found.bridges) == (1, ())


def test_a_severity_above_nothing_raises_scores():
    found = severity(table([[82, 78], [92, 88], [72, 68]]))
    assert found.severity == pytest.approx([2, -2])
    assert found.adjusted == pytest.approx([80, 90, 70])
    assert found.se == pytest.approx([0, 0])


def test_outliers_are_those_of_regressions_without_them():
    dice = np.random.default_rng(7)
    rows = [[round(float(score), 1) for score in 70 + 3 * entry + np.array([4, -1, 0, -3]) + dice.normal(0, 1, 4)] for entry in range(8)]
    rows[5][2] += 12
    rows[6][1] = None
    ratings = table(rows)
    _, _, t = by_least_squares(rows)
    cells = [(entry, judge) for entry, row in enumerate(rows) for judge, score in enumerate(row) if score is not None]
    expected = {(f"e{entry:02}", "abcd"[judge]): value for (entry, judge), value in zip(cells, t, strict=True) if abs(value) > 3}
    found = severity(ratings).outliers
    assert {(outlier.entry, outlier.evaluator): outlier.t for outlier in found} == pytest.approx(expected)
    assert (found[0].entry, found[0].evaluator, found[0].score) == ("e05", "c", rows[5][2])


def test_extreme_is_not_doubtful():
    """An evaluator far from the mean, but always by as much, has no outlier; nor has the best entry."""
    rows = [[60 + entry, 61 + entry, 40 + entry] for entry in range(6)] + [[99, 100, 79]]
    assert severity(table(rows)).outliers == ()


def test_one_wrong_score_among_exact_ones_is_found_though_its_t_is_infinite():
    rows = [[60 + entry, 62 + entry, 63 + entry, 58 + entry] for entry in range(5)]
    rows[3][1] += 10
    found = severity(table(rows)).outliers
    assert [(outlier.entry, outlier.evaluator, outlier.t) for outlier in found] == [("e03", "b", np.inf)]


def test_parts_that_share_no_entry_stay_apart_and_the_bridge_is_named():
    rows = [[80, 70, None, None], [90, 84, None, None], [75, 68, None, None], [None, None, 60, 66], [None, None, 71, 75]]
    found = severity(table(rows))
    assert found.components == 2
    assert found.component.tolist() == [0, 0, 1, 1]
    assert found.severity[:2].sum() == pytest.approx(0)
    assert found.severity[2:] == pytest.approx([-2.5, 2.5])
    assert found.bridges == (("e00", "c"),)
    rows[0][2] = 77
    assert severity(table(rows)).components == 1


def test_alone_nobody_is_strict():
    found = severity(table([[80, None], [70, None], [None, 66]]))
    assert np.isnan(found.severity).all()
    assert found.components == 2
    assert severity(table([])).components == 0


def test_z_scores_reverse_ranks_where_panels_differ_in_strength():
    # b judged only the strong entries, a only the weak ones: its best weak one overtakes a strong one
    ratings = table([[60, None], [70, None], [None, 90], [None, 95]])
    z = z_scores(ratings)
    assert z == pytest.approx([-(0.5**0.5), 0.5**0.5, -(0.5**0.5), 0.5**0.5])
    assert z[1] > z[2]
    assert np.isnan(z_scores(table([[80], [80]]))).all()


def test_a_large_round_is_quick():
    dice = np.random.default_rng(1)
    entries, evaluators, panel = 2000, 400, 10
    evaluator = np.concatenate([np.sort(dice.choice(evaluators, panel, replace=False)) for _ in range(entries)])
    entry = np.repeat(np.arange(entries), panel)
    effects = dice.normal(0, 3, evaluators)
    units = np.rint(100 * (75 + dice.normal(0, 8, entries)[entry] + effects[evaluator] + dice.normal(0, 2, len(entry)))).astype(np.int64)
    ratings = Ratings(
        tuple(f"e{place:04}" for place in range(entries)),
        tuple(f"v{place:03}" for place in range(evaluators)),
        entry,
        evaluator,
        units,
        100,
    )
    severity(ratings)
    start = time.process_time()
    found = severity(ratings)
    assert time.process_time() - start < 1
    assert np.corrcoef(found.severity, effects)[0, 1] > 0.97
    assert np.abs((found.severity - effects + effects.mean()) / found.se).max() < 5
