"""Fixtures that every test shares."""

import datetime as dt

import pytest

from pipeline.document import Document
from pipeline.extractor import Extractor


@pytest.fixture(scope="session")
def extractor():
    return Extractor()


@pytest.fixture(scope="session")
def read(extractor):
    """Return a function that runs all stages over a text and returns its rows by table."""

    def run(text, published=None, **metadata):
        day = dt.date.fromisoformat(published) if published else None
        return extractor.process(Document("test", text, published_at=day, **metadata)).rows

    return run
