"""What else could be used, on the same text: word segmentation and entities by underthesea, dates by dateparser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from dateparser.search import search_dates
from underthesea import ner, word_tokenize

from pipeline.readers import Source

NER_SAMPLE = 3
"""Articles for `ner`, which takes seconds for each."""


def measure(sample: list[Source], scale: float) -> dict[str, dict[str, Any]]:
    """Return name → rate on the sample.

    Args:
        sample: Articles; the alternatives are slow, a few dozen settle their speed.
        scale: Length of the corpus's articles over that of the sample's, to speak of the same article.
    """
    texts = [article.text for article in sample]
    calls: dict[str, tuple[Callable[[str], Any], list[str]]] = {
        "underthesea word_tokenize": (word_tokenize, texts),
        "underthesea ner": (ner, texts[:NER_SAMPLE]),
        "dateparser search_dates": (lambda text: search_dates(text, languages=["vi"]), texts),
    }
    return {name: _rate(call, of, scale) for name, (call, of) in calls.items()}


def _rate(call: Callable[[str], Any], texts: list[str], scale: float) -> dict[str, Any]:
    call(texts[0])  # models load at the first call
    begun, cpu = time.perf_counter(), time.process_time()
    for text in texts:
        call(text)
    elapsed, spent = (time.perf_counter() - begun) * scale, (time.process_time() - cpu) * scale
    return {
        "articles_a_second": round(len(texts) / elapsed, 1),
        "milliseconds_an_article": round(1000 * elapsed / len(texts), 2),
        "cpu_milliseconds_an_article": round(1000 * spent / len(texts), 2),
    }
