"""One small pool of hand-written rows for the whole run, and the shared material where it is present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from postflow import pool, sources

SHARED = Path(__file__).resolve().parents[2] / "shared"
DEMO = Path(__file__).parent / "data" / "sources"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the analyst's own pool."""
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def demo_pool(tmp_path_factory: pytest.TempPathFactory) -> pool.PoolFile:
    """The published pool of tests/data/sources."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(tmp_path_factory.mktemp("demo")))
        patch.setattr(sources, "FOLDER", DEMO)
        patch.setattr(pool.sources, "FOLDER", DEMO)
        published, _ = pool.build()
    return published


@pytest.fixture
def demo(demo_pool: pool.PoolFile) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the demo pool."""
    with pool.connect(demo_pool.path) as con:
        yield con


@pytest.fixture(scope="session")
def real_pool(tmp_path_factory: pytest.TempPathFactory) -> pool.PoolFile:
    """The pool that is shipped: what a fresh clone shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(tmp_path_factory.mktemp("real")))
        published, _ = pool.build()
    return published


@pytest.fixture
def real(real_pool: pool.PoolFile) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the shipped pool."""
    with pool.connect(real_pool.path) as con:
        yield con


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the project; a test that needs it says so and is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the official files in ../shared, which are not part of the project")
    return SHARED


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden results anew; then read the diff")


@pytest.fixture(scope="session")
def exercise_pool(tmp_path_factory: pytest.TempPathFactory) -> pool.PoolFile:
    """A small exercise pool: everything in it is invented."""
    from postflow.exercise import pooling

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(tmp_path_factory.mktemp("exercise")))
        _, published, _ = pooling.make(7, 0.05, None)
    return published
