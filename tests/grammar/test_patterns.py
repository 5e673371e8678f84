import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grammar.patterns import with_branches


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("a(?:b|c)?d", "a(?:b|c|)d"),
        ("(?:a(?:b)?c)?", "(?:a(?:b|)c|)"),
        (r"(?:[)?(]\)\()?x", r"(?:[)?(]\)\(|)x"),
        ("(?:a(?P<b>c)?(?=d)?)?", "(?:a(?P<b>c)?(?=d)?|)"),
        ("(?:a)??(?:b)?+(?:c)*(?:d)+(?:e){0,2}", "(?:a)??(?:b)?+(?:c)*(?:d)+(?:e){0,2}"),
        ("[]?)](?:a)?", "[]?)](?:a|)"),
        ("a)?", "a)?"),
    ],
)
def test_optional_groups_become_branches(source, branches):
    assert with_branches(source) == branches


@given(st.text("abc", max_size=8))
def test_the_same_is_matched(text):
    source = "(?:a(?:b|ca)?)?(?:(?P<x>c)b?)?a"
    for plain, branched in zip(re.finditer(source, text), re.finditer(with_branches(source), text), strict=True):
        assert (plain.span(), plain.groups()) == (branched.span(), branched.groups())
