"""Articles to measure on: `data/raw` or any corpus given, multiplied to any number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipeline import readers
from pipeline.readers import Source


def load(corpus: list[str], limit: int | None = None) -> list[Source]:
    """Return the documents of a corpus that can be read, the first `limit` of them."""
    found = (item for item in readers.read(corpus) if isinstance(item, Source))
    return list(islice(found, limit))


def multiplied(articles: list[Source], count: int) -> Iterator[Source]:
    """Yield `count` articles: the given ones over and over, each copy with an id and a first line of its own."""
    for number in range(count):
        article = articles[number % len(articles)]
        copy = number // len(articles)
        if copy:
            article = replace(article, article_id=f"{article.article_id}.{copy}", text=f"{copy}\n{article.text}")
        yield article


def write_jsonl(articles: Iterator[Source], path: Path) -> int:
    """Write articles as JSON Lines; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as lines:
        for count, article in enumerate(articles, 1):  # noqa: B007 - the last number is the count
            record = {"id": article.article_id, "text": article.text, "url": article.url, "title": article.title}
            when = article.published_at
            record["published_at"] = when.isoformat() if when else None
            lines.write(json.dumps({k: v for k, v in record.items() if v is not None}, ensure_ascii=False) + "\n")
    return count
