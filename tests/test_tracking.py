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


NO_NUMBERS = (
    "n/a|unknown|-|0|none|not available|unknown 2024|0000000000|RR000000000NL|12345678||xxxxxxxxxxxx"
    "|9.40551E+21|9,40551e21|9.405511899223197e+21|9E21|1234567890123456.0"
    "|see remarks 12345678|UNKNOWN20240115|NIETBEKEND 123456|987654321|121212121212|0000000001|20240115|15-01-2024|2024.01.15"
    "|940551189922319000000|\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668"
)
NUMBERS = (
    "RR000000014NL|RR123456785NL|rr 123 456 785 nl|1Z999AA10123456784|3SABCD1234567|JD014600006281234567|JVGL06123456789"
    "|9405511899223197428490|9405 5118 9922 3197 4284 90|1234567891|772012345678|00340434161094042557"
)


@pytest.mark.parametrize("words", NO_NUMBERS.split("|"))
def test_words_fillers_and_rounded_numbers_are_no_tracking_numbers(words: str) -> None:
    assert tracking.is_number(words) is False


@pytest.mark.parametrize("number", NUMBERS.split("|"))
def test_the_numbers_of_posts_and_couriers_are_numbers(number: str) -> None:
    assert tracking.is_number(number) is True
