"""The quick way gives what Unicode's own tables give."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.text_forms import _SETTLED, compatible, composed, unaccented

TEXTS = st.text(st.sampled_from(sorted(_SETTLED))) | st.text() | st.text(st.sampled_from("aeoé\u0301\u00a0\u202fŁ½ﬁ"))


@given(TEXTS)
def test_as_the_tables_say(text):
    assert composed(text) == unicodedata.normalize("NFC", text)
    assert compatible(text) == unicodedata.normalize("NFKC", text)
    assert unaccented(text) == "".join(
        sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)
    )


@pytest.mark.parametrize("sign", sorted(_SETTLED))
def test_each_settled_sign_is_settled(sign):
    assert unicodedata.is_normalized("NFC", sign)
    assert unicodedata.is_normalized("NFKC", sign)
    assert unicodedata.combining(sign) == 0
    assert unaccented(sign) == unicodedata.normalize("NFD", sign)[0]
