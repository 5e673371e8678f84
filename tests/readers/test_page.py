import datetime as dt

import pytest

from pipeline.readers import Options, Rejected
from pipeline.readers.page import read_page

BODY = """
<p class="sapo">Những năm qua, xã Tân Lập có nhiều cách làm hay trong công tác dân vận, được cấp trên biểu dương.</p>
<p>Đến nay, toàn xã có 27 mô hình “Dân vận khéo”, trong đó 12 mô hình tập thể và 15 mô hình cá nhân.</p>
<figure><img src="a.jpg"><figcaption>Đường thôn 3 sau khi mở rộng. Ảnh: Minh Châu</figcaption></figure>
<h2>Hiệu quả từ cơ sở</h2>
<p>Tại thôn 3, tổ dân vận đã vận động 27 hộ hiến 1.200 m2 đất làm đường, tổng trị giá 350 triệu đồng.</p>
<table><tr><td><img src="b.jpg"></td></tr><tr><td class="Image PhotoCaption">Nhà văn hóa thôn 3.</td></tr></table>
<p>Ông Lê Văn Thử, Trưởng thôn 3, cho biết bà con phấn khởi và sẽ tiếp tục góp công sức trong thời gian tới.</p>
<p>MINH CHÂU</p>
"""

PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="{charset}"><title>Dân vận khéo - Báo Mẫu</title>
{meta}</head>
<body><nav><a href="/">Trang chủ</a><a href="/ct">Chính trị</a></nav>
<article><h1>Lan tỏa dân vận khéo ở Tân Lập</h1>{body}</article>
<div class="related"><h3>Tin liên quan</h3><ul><li><a href="/1">Huyện Mỹ Lâm mở lớp bồi dưỡng</a></li></ul></div>
<footer>© 2021 Báo Mẫu</footer></body></html>"""


def page(meta="", body=BODY, charset="utf-8"):
    return PAGE.format(meta=meta, body=body, charset=charset)


def read_text(html, encoding="utf-8"):
    return read_page(html.encode(encoding), "tan-lap", "tan-lap.html", Options())


def test_text_headings_and_captions_are_kept_and_the_rest_is_not():
    source = read_text(page())
    lines = source.text.split("\n")
    assert lines[0] == "Lan tỏa dân vận khéo ở Tân Lập"
    for kept in (
        "Hiệu quả từ cơ sở",
        "Đường thôn 3 sau khi mở rộng. Ảnh: Minh Châu",
        "Nhà văn hóa thôn 3.",
        "MINH CHÂU",
    ):
        assert kept in lines
    assert not any(gone in source.text for gone in ("Trang chủ", "Tin liên quan", "©"))


def test_metadata_of_the_markup():
    meta = (
        '<meta property="og:title" content="Lan tỏa dân vận khéo"><meta name="author" content="Minh Châu">'
        '<meta property="article:published_time" content="2021-03-05T01:15:00Z">'
        '<link rel="canonical" href="https://example.vn/tan-lap.html">'
    )
    source = read_text(page(meta))
    assert source.title == "Lan tỏa dân vận khéo"
    assert source.author == "Minh Châu"
    assert source.url == "https://example.vn/tan-lap.html"
    assert source.published_at == dt.datetime(2021, 3, 5, 8, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def test_a_site_is_no_author_and_midnight_no_time():
    meta = (
        '<meta property="og:site_name" content="Báo Mẫu"><meta name="author" content="Báo Mẫu">'
        '<meta property="article:published_time" content="2021-03-05T00:00:00+07:00">'
    )
    source = read_text(page(meta))
    assert source.author is None
    assert source.published_at == dt.date(2021, 3, 5)


def test_a_date_is_not_guessed_from_the_text():
    assert read_text(page(body=BODY + "<p>Xã được công nhận đạt chuẩn ngày 12/10/2019.</p>")).published_at is None


def test_a_page_in_windows_1258_by_its_charset():
    source = read_page(page(charset="windows-1258").encode("utf-16"), "a", "a.html", Options())
    assert "Tân Lập" in source.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<!--" * 1000, "missing_text"),
        (b"<html><body></body></html>", "missing_text"),
        (b"<div>" * 5000 + "chữ".encode(), "missing_text"),
        (b"<p>" + b"<b>x</b>" * 40_000, "too_large"),
        (b"%PDF-1.4 ...", "binary"),
        (b"<p>\xff\xfe\xfd\xc3</p>", "undecodable"),
    ],
    ids=["nothing", "spaces", "comments", "no-body", "deep", "many", "pdf", "bytes"],
)
def test_pages_that_give_no_document_have_their_reason(data, reason):
    item = read_page(data, "a", "a.html", Options())
    assert isinstance(item, Rejected)
    assert item.reason == reason
