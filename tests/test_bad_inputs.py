"""Bad inputs of every kind, some of each: no traceback, little time. The whole is `make bench ARGS="--only inputs"`."""

from __future__ import annotations

import os
from collections import Counter

import pytest

if not hasattr(os, "fork"):
    pytest.skip("this system does not fork", allow_module_level=True)

from bench import bad_inputs, hostile

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def test_more_than_three_hundred_inputs_are_measured() -> None:
    kinds = Counter(case.kind for case in bad_inputs.cases())
    assert set(kinds) == set(bad_inputs.KINDS)
    assert kinds["hostile"] == len(hostile.CASES) > 60
    assert sum(kinds.values()) - kinds["words"] >= 300
    assert len({(case.kind, case.name) for case in bad_inputs.cases()}) == sum(kinds.values())


@pytest.mark.slow
def test_some_inputs_of_every_kind_end_in_words_and_take_little() -> None:
    found = bad_inputs.outcomes(every=19)
    assert len(found) > 20
    assert [(one.case.name, one.said) for one in found if one.fell] == []
    assert [(one.case.name, one.processor_s) for one in found if one.processor_s > bad_inputs.MOST_S] == []
    assert {one.exit_code for one in found} <= {0, 1, 2}
    assert all(one.said for one in found if one.exit_code)
