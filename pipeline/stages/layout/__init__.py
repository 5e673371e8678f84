"""What each line of a document is, and what its header and byline say of the article.

Body is the default: a line is furniture only where a rule of `furniture.yaml` says so, because later stages do
not read furniture. A byline at the end of the last paragraph is a part of its own, cut off that paragraph.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Final, NamedTuple

import regex

from pipeline import alphabet
from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.layout import authors, headline
from pipeline.stages.layout.byline import BylineGrammar
from pipeline.stages.layout.lines import Line, apply_rules, split_lines
from pipeline.stages.layout.published import DateLines, Published, own_date
from pipeline.stages.layout.shapes import FurnitureFile, LayoutFile, LineRules
from pipeline.stages.sentences import AbbreviationFile
from pipeline.tables import ArticleRow, PartRow

FILES: Final = (("furniture.yaml", FurnitureFile), ("layout.yaml", LayoutFile))


_INVISIBLE = regex.compile(r"\p{Cf}+")


class Prepared(NamedTuple):
    """The compiled rules of lines, bylines and date lines."""

    lines: LineRules
    bylines: BylineGrammar
    dates: DateLines


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Read the rules of furniture, layout and abbreviations."""
    furniture = book.load("furniture.yaml", FurnitureFile)
    layout = book.load("layout.yaml", LayoutFile)
    abbreviations = book.load("abbreviations.yaml", AbbreviationFile)
    return Prepared(
        LineRules([(layout.rules, layout.atoms), (furniture.rules, furniture.atoms)]),
        BylineGrammar(layout.bylines, abbreviations.before_names),
        DateLines(layout.atoms, layout.months),
    )


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the parts of the document and its article row."""
    lines = split_lines(document.view.text, document.view.folded)
    first, last = apply_rules(lines, prepared.lines)
    title = headline.find(lines, first, document.title)
    published = own_date(document, lines, title, prepared.dates)
    author = authors.find(lines, prepared.bylines, title)
    headline.name_the_rest(lines, title, first, last)
    parts = [PartRow(line.start, line.end, line.kind, line.rule) for line in lines]
    return {"01_layout": parts, "articles": [_article(document, lines, title, published, author)]}


def _article(
    document: Document, lines: list[Line], title: int | None, published: Published, author: str | None
) -> ArticleRow:
    found = None if title is None else _as_written(document, lines[title])
    return ArticleRow(
        source=document.source,
        url=document.url,
        title=document.title or found,
        author=document.author or author,
        published_at=published.moment,
        published_on=published.day,
    )


def _as_written(document: Document, line: Line) -> str:
    """Return a line in the spelling of the document, its letters composed and its spaces made one."""
    start, end = document.view.to_original(line.start, line.end)
    written = document.text[start:end]
    if written == line.text and not alphabet.has_strange(document.view.codes):
        return written
    written = unicodedata.normalize("NFC", written)
    visible = written if written.isprintable() else _INVISIBLE.sub("", written)
    return " ".join(visible.split())


def describe(part: PartRow) -> str:
    """Return the short form of a part that rule examples use: its kind."""
    return part.kind
