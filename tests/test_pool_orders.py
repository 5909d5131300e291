"""Whatever comes in, in whatever order and however often: the pool is the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postflow import home, pool, sources
from tests.test_pool import delivery, only_demo, tables

__all__ = ["only_demo"]

ROW = st.builds(
    "{};{}-{:02d}-15;Netherlands;{};{};{};{};Gram;Mail;;;;{}".format,
    st.sampled_from(["A1", "A2", "A3", "B9", ""]),
    st.sampled_from([2020, 2021]),
    st.integers(1, 3),
    st.sampled_from(["Netherlands", "Belgium", ""]),
    st.sampled_from(["New Zealand", "Australia", "Nowhere-land"]),
    st.sampled_from(["Ecstasy", "Ketamine"]),
    st.sampled_from(["500", "250", "1,5", "-4", "NaN"]),
    st.sampled_from(["first", "again"]),
)
GOOD = "Z{};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;whole"
"""A file of which no row can be counted is refused as a whole; another test holds that."""
FILES = st.lists(st.lists(ROW, min_size=1, max_size=5), min_size=1, max_size=4, unique_by=tuple)


@pytest.mark.usefixtures("only_demo")
def test_no_order_and_no_repetition_changes_the_pool(tmp_path: Path, own_home: Path) -> None:
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(FILES, st.data())
    def holds(files: list[list[str]], drawn: st.DataObject) -> None:
        paths = [delivery(tmp_path / f"{number}.csv", GOOD.format(number), *rows) for number, rows in enumerate(files)]
        orders = [paths, drawn.draw(st.permutations(paths)) + drawn.draw(st.lists(st.sampled_from(paths), max_size=2))]
        found = []
        for order in orders:
            shutil.rmtree(own_home, ignore_errors=True)
            source = sources.load(sources.FOLDER / "demo_customs" / "source.toml")
            for path in order:
                receipt = home.Receipt(source.id, home.sha256(path), path.name, "2026-01-01")
                home.keep("real", [(receipt, path)])
            published, _ = pool.build()
            found.append((published.build_id, tables(published)))
        assert found[0] == found[1]

    holds()
