"""Sentences inside the parts of a document, by underthesea's tokenizer, with its abbreviations widened.

The tokenizer is loaded from its own file: importing the package `underthesea` also loads its word segmenter,
scikit-learn and joblib, which costs more than a second at every start and is not needed to split sentences.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile
from pipeline.tables import SentenceRow


class AbbreviationFile(RuleFile):
    """`abbreviations.yaml`: what may end in a full stop without ending a sentence."""

    sentence: list[str]


class Prepared(NamedTuple):
    """The sentence tokenizer with the abbreviations of the rule file."""

    tokenizer: Any


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Load the tokenizer and teach it the abbreviations of Vietnamese offices, degrees and units."""
    module = _tokenizer_module()
    module._load_model()
    known = module.sentence_tokenizer.abbrev_types
    extra = {term.lower().rstrip(".") for term in book.load("abbreviations.yaml", AbbreviationFile).sentence}
    return Prepared(module.PunktSentenceTokenizer(known | extra))


@cache
def _tokenizer_module() -> ModuleType:
    package = importlib.util.find_spec("underthesea")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("underthesea is not installed; run `make extract`, which installs it")
    name = "underthesea_sent_tokenize"
    path = Path(package.origin).parent / "pipeline" / "sent_tokenize" / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"underthesea has no sentence tokenizer at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the sentences of every part but furniture, as spans of the view."""
    text = document.view.text
    rows: list[SentenceRow] = []
    for number, part in enumerate(document.rows["01_layout"]):
        if part.kind == "furniture":
            continue
        at = part.start
        for sentence in prepared.tokenizer.sentences_from_text(text[part.start : part.end]):
            start = text.index(sentence, at)
            at = start + len(sentence)
            rows.append(SentenceRow(start, at, part.kind, number))
    return {"02_sentences": rows}
