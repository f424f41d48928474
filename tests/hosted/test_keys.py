from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_team.hosted.keys import ALPHABET, key_hash, new_key, well_formed


def test_a_new_key_is_well_formed_and_unlike_any_other() -> None:
    keys = {new_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(well_formed(key) and len(key) == 40 for key in keys)
    assert len({key_hash(key) for key in keys}) == 200


@given(place=st.integers(4, 39), char=st.sampled_from(ALPHABET))
def test_a_typo_is_refused(place: int, char: str) -> None:
    key = new_key()
    typo = key[:place] + char + key[place + 1 :]
    assert well_formed(typo) == (typo == key)


@given(first=st.integers(4, 38))
def test_swapped_characters_are_refused(first: int) -> None:
    key = new_key()
    swapped = key[:first] + key[first + 1] + key[first] + key[first + 2 :]
    assert well_formed(swapped) == (swapped == key)


@pytest.mark.parametrize("text", ["", "abt_", "abt_" + "0" * 36, "sk_" + "a" * 37, "abt_" + "é" * 36])
def test_other_texts_are_no_keys(text: str) -> None:
    assert not well_formed(text)
