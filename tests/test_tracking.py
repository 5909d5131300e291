"""S10 numbers: valid or not, whatever the spacing; hashes that need the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postflow import tracking

serials = st.integers(0, 99_999_999).map(lambda number: f"{number:08d}")


@pytest.mark.parametrize(("serial", "digit"), [("47312482", 9), ("00071759", 5), ("96633102", 0), ("12345678", 5)])
def test_check_digits_are_those_of_the_standard(serial: str, digit: int) -> None:
    assert tracking.s10_check_digit(serial) == digit


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("RR123456785NL", True),
        ("rr 123 456 785 nl", True),
        ("RR-12345678-5-NL", True),
        ("RR123456789NL", False),
        ("RR12345678NL", False),
        ("R1123456785NL", False),
        ("RR12345678\u0665NL", False),
        ("", False),
    ],
)
def test_form_and_check_digit_decide(number: str, valid: bool) -> None:
    assert tracking.s10_is_valid(number) is valid


@given(serials)
def test_exactly_one_check_digit_is_valid(serial: str) -> None:
    valid = [digit for digit in range(10) if tracking.s10_is_valid(f"RR{serial}{digit}NL")]
    assert valid == [tracking.s10_check_digit(serial)]


@given(serials, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_nearly_always_noticed(serial: str, place: int, shift: int) -> None:
    """S10 writes both 11 and 5 as the digit 5: only a change between those two can pass."""
    wrong = serial[:place] + str((int(serial[place]) + shift) % 10) + serial[place + 1 :]
    digit = tracking.s10_check_digit(serial)
    if tracking.s10_check_digit(wrong) == digit:
        assert digit == 5


@given(serials, st.integers(2000, 2099))
def test_the_hash_depends_on_number_year_and_key_but_not_on_spacing(serial: str, year: int) -> None:
    number = f"RR{serial}{tracking.s10_check_digit(serial)}NL"
    told = tracking.keyed_hash(number, year, b"key")
    assert told == tracking.keyed_hash(f" {number[:2]} {number[2:].lower()}", year, b"key")
    assert len(told) == 64
    assert told not in (
        tracking.keyed_hash(number, year + 1, b"key"),
        tracking.keyed_hash(number, year, b"other"),
        tracking.keyed_hash(f"CP{number[2:]}", year, b"key"),
    )
    assert serial not in told


def test_without_a_key_nothing_is_hashed() -> None:
    with pytest.raises(ValueError, match="key"):
        tracking.keyed_hash("RR123456785NL", 2024, b"")
