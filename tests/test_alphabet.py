import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import alphabet
from pipeline.document import View, fold

NEWS = st.text(alphabet="aàảãáạăằêếđĐƯữỲq 0195.,:“”…–\n_", max_size=60)


@given(st.text(max_size=60))
def test_every_character_has_one_byte(text):
    assert len(alphabet.encode(text)) == len(text)


@given(NEWS)
def test_known_texts_are_lowered_as_python_lowers_them(text):
    codes = alphabet.encode_known(text)
    assert codes is not None
    assert not alphabet.has_strange(codes)
    assert alphabet.lowered(codes) == text.lower()


@pytest.mark.parametrize("text", ["Đà\tNẵng", "Đà\u00a0Nẵng", "ĐàNẵng\u200b", unicodedata.normalize("NFD", "Đà"), "中"])
def test_what_a_view_must_replace_is_strange(text):
    assert alphabet.encode_known(text) is None
    assert alphabet.has_strange(alphabet.encode(text))


def test_strange_letters_are_told_from_strange_marks():
    assert list(alphabet.encode("中☆")) == [alphabet.STRANGE_WORD, alphabet.STRANGE]


@given(NEWS)
def test_a_strange_character_changes_nothing_of_the_rest(text):
    view, other = View(text), View(f"{text}\n☆")
    assert other.text == f"{view.text}\n☆"
    assert other.folded == fold(other.text) == f"{view.folded}\n☆"
