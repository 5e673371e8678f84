"""Web pages: main text, headings, captions, title, author and date."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]
import regex
import trafilatura

from pipeline.document import fold
from pipeline.readers.decode import decode
from pipeline.readers.items import Options, Refusal, Rejected, Source, checked, clean
from pipeline.readers.records import moment

_CHARSET = regex.compile(rb"""charset\s*=\s*["']?([\w-]{3,20})""", regex.IGNORECASE)
_CAPTION: Final = "//figcaption | //*[contains(translate(@class, 'CAPTION', 'caption'), 'caption')][not(self::figure)]"
"""Captions: their own element, or a class that says so, as the content systems of Vietnamese papers write them."""

_MOMENTS: Final = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='pubdate']/@content",
    "//*[@itemprop='datePublished']/@datetime",
)
_DATES: Final = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01", "min_date": "1995-01-01"}
"""Only dates that the page's markup states: a date guessed from its text would beat the date line that layout reads.
The latest day is fixed because the default is the day of the run."""

_MOST_ELEMENTS: Final = 30_000
"""Elements of the largest page that is read; news pages have up to 5,000."""


def read_page(data: bytes, article_id: str, where: str, options: Options) -> Source | Rejected:
    """Return the document of an HTML page, or why it holds none."""
    try:
        declared = _CHARSET.search(data[:4000])
        return _read(decode(data, declared[1].decode() if declared else None), article_id, where, options)
    except Refusal as refusal:
        return refusal.at(where, article_id)
    except Exception as error:  # any page may come; what breaks the extractor must not end the run
        advice = f"the page breaks the extractor ({type(error).__name__}); save its text as .txt"
        return Refusal("unreadable", advice).at(where, article_id)


def _read(page: str, article_id: str, where: str, options: Options) -> Source | Rejected:
    if not page.strip():
        raise Refusal("empty", "no text; nothing to extract")
    try:
        tree = lxml.html.fromstring(regex.sub(r"^\s*<\?xml[^>]*\?>", "", page.replace("\x00", "")))
    except lxml.etree.ParserError as error:
        raise _no_article() from error
    _refuse_monsters(tree)
    stated = next((when for path in _MOMENTS for value in tree.xpath(path) if (when := moment(str(value)))), None)
    _keep_captions(tree)
    found: Any = trafilatura.bare_extraction(
        tree, include_comments=False, favor_recall=True, with_metadata=True, date_extraction_params=dict(_DATES)
    )
    if found is None or not found.text:
        raise _no_article()
    title = _line(found.title)
    text = clean(found.text)
    if title and not fold(text).startswith(fold(title)):
        text = f"{title}\n{text}"
    when = stated or moment(found.date)
    source = Source(article_id, text, where, _line(found.url), title, _author(found), _day_or_moment(when))
    return checked(source, options)


def _no_article() -> Refusal:
    return Refusal("missing_text", "no article on the page; save its text as .txt")


def _refuse_monsters(tree: Any) -> None:
    """Refuse trees too large for the extractor, which takes 0.2 ms an element; libxml2 itself ends deep ones."""
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise Refusal("too_large", f"more than {_MOST_ELEMENTS:,} elements; save its text as .txt")


def _keep_captions(tree: Any) -> None:
    """Make captions paragraphs and unwrap figures: the extractor drops figures whole."""
    for element in tree.xpath(_CAPTION):
        if element.tag in ("figcaption", "div", "p", "span", "td", "em", "small") and len(element.text_content()) < 600:
            element.tag = "p"
            element.attrib.pop("class", None)
    for element in tree.xpath("//figure"):
        element.drop_tag()


def _line(value: str | None) -> str | None:
    return " ".join(clean(value).split()) or None if value else None


def _author(found: Any) -> str | None:
    """Return the author that the markup names, unless that is the site itself."""
    author = _line(found.author)
    site = {fold(name) for name in (found.sitename, found.hostname, found.title) if name}
    if not author or fold(author) in site or regex.search(r"https?:|www\.|\.vn\b|\.com\b|@", author):
        return None
    return author.replace("; ", ", ")


def _day_or_moment(when: dt.datetime | dt.date | None) -> dt.datetime | dt.date | None:
    """Return a moment at midnight sharp as its day: markup that knows no time writes zeros."""
    if isinstance(when, dt.datetime) and (when.hour, when.minute, when.second) == (0, 0, 0):
        return when.date()
    return when
