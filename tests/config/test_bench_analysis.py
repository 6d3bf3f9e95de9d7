import pytest

from config.rehearsal.bench import analysis, measure


@pytest.mark.parametrize(("name", "also"), [("assign", "total_fit"), ("robustness", "draws"), ("severity", "scores")])
@pytest.mark.parametrize("sizes", [(1, 1), (7, 3), (20, 12)])
def test_each_measure_runs_at_any_size(name, also, sizes, monkeypatch):
    monkeypatch.setattr(measure, "RUNS", 1)
    found = analysis.BENCHES[name](entries=sizes[0], evaluators=sizes[1], criteria=1)
    assert {"median_s", "cpu_s", "queries", also} <= set(found)
    assert found["queries"] == 0
