import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import legacy
from pipeline.readers.decode import decode
from pipeline.readers.items import Refusal

TEXT = (
    "Xã Tân Lập đã vận động 27 hộ dân hiến 1.200 m2 đất để mở rộng đường. Đồng chí Trần Văn Mẫu, Bí thư Đảng ủy xã, "
    "cho biết người dân rất phấn khởi; mỗi gia đình đều tự nguyện góp công. Tại thôn Kỳ Sơn, ủng hộ quỹ khuyến học "
    "được nhiều người hưởng ứng, kể cả những hộ còn khó khăn. Ước tính đến cuối năm sẽ hoàn thành ba tuyến ngõ xóm.\n"
)


def windows_1258(text):
    """Return text as Windows-1258 writes it: letters with their first mark, the tone behind them."""
    spread = unicodedata.normalize("NFD", text)
    for mark in ("\u0302", "\u0306", "\u031b"):
        for base in "aeouAEOU":
            spread = spread.replace(base + mark, unicodedata.normalize("NFC", base + mark))
            for tone in "\u0323":  # canonical order puts the dot below before the circumflex
                spread = spread.replace(base + tone + mark, unicodedata.normalize("NFC", base + mark) + tone)
    return spread.encode("cp1258")


def tcvn3(text):
    """Return text as TCVN3 fonts write it; it has no capitals with tones."""
    table = {letter: chr(code) for code, letter in legacy.tables().tcvn3.items()}
    return "".join(table.get(char, char) for char in text).encode("cp1252")


def vni(text):
    """Return text as VNI fonts write it."""
    table = {letter: code for code, letter in legacy.tables().vni.items()}
    return "".join(table.get(char, char) for char in text).encode("cp1252")


@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        tcvn3,
        vni,
    ],
    ids=["utf-8", "utf-8-mark", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-mark", "utf-32", "tcvn3", "vni"],
)
def test_every_encoding_gives_the_text_back(encode):
    assert decode(encode(TEXT)).removeprefix("\ufeff") == TEXT


def test_windows_1258_gives_the_text_back_with_its_tones_apart():
    got = decode(windows_1258(TEXT))
    assert unicodedata.normalize("NFC", got) == TEXT


def test_capital_words_of_capital_fonts_get_capital_letters():
    assert legacy.from_tcvn3("CéNG HßA X\u00b7 HéI") == "CỘNG HÒA XÃ HỘI"
    assert legacy.from_tcvn3("C«ng an x\u00b7") == "Công an xã"


def test_font_text_that_was_saved_as_unicode_is_recognised():
    assert decode(tcvn3(TEXT).decode("cp1252").encode()) == TEXT
    assert decode(vni(TEXT).decode("cp1252").encode()) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "Xin chào các bạn",
        "Café à la crème, déjà vu, être ou ne pas être, garçon naïf",
        "plain ASCII only",
        "Ünïcödé dïäërësïs ëvërÿwhërë ïn thïs lïnë",
    ],
)
def test_other_text_is_left_as_it_is(text):
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n1 0 obj", "binary"),
        (b"PK\x03\x04\x14\x00", "binary"),
        (bytes(range(32)) * 20, "binary"),
        ("Voilà une phrase où l'été déjà passé s'éloigne très loin".encode("latin-1"), "undecodable"),
        (TEXT.encode()[:-3] + b"\xff\xfe\xfd" + "đã".encode(), "undecodable"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00\x00\x01", "undecodable"),
        (codecs.BOM_UTF8 + b"\xff", "undecodable"),
    ],
)
def test_what_is_no_text_has_its_reason(data, reason):
    with pytest.raises(Refusal) as caught:
        decode(data)
    assert caught.value.reason == reason


def test_a_declared_encoding_is_used_where_nothing_else_fits():
    french = "Voilà une phrase où l'été déjà passé s'éloigne très loin"
    assert decode(french.encode("latin-1"), "iso-8859-1") == french
    with pytest.raises(Refusal):
        decode(french.encode("latin-1"), "no-such-encoding")


@pytest.mark.parametrize(
    "word", ["Nguyễn", "quyết", "giữ", "nghiêng", "khuyến", "hưởng", "Ý", "ủy", "đước", "tiếc", "gì", "xoắn"]
)
def test_syllables(word):
    assert legacy.is_syllable(word)


@pytest.mark.parametrize("word", ["garçon", "hßa", "déjà", "naïve", "tiềc", "chảp", "Malmö\u00df", "zürich", "ñaõ"])
def test_no_syllables(word):
    assert not legacy.is_syllable(word)


def outcome(data):
    try:
        return type(decode(data))
    except Refusal as refusal:
        return refusal.reason


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(data):
    assert outcome(data) in (str, "binary", "undecodable")


@given(st.text(max_size=200))
def test_unicode_text_with_vietnamese_letters_survives(text):
    text = "".join(char for char in text if char >= " ")
    assert decode(("Đảng ủy " + text).encode("utf-8", "replace")).startswith("Đảng ủy ")
