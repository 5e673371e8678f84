"""The product: the stages, in order.

A stage is a module with two functions:

`prepare(book, lexicon)`
    Called once per process. Reads the stage's rule files from `book` (a `RuleBook`), compiles its patterns,
    registers its literal terms with `lexicon` (a `LexiconBuilder`), and returns whatever `run` needs.

`run(document, prepared)`
    Called once per document. Pure: reads `document.view`, `document.hits` and the rows of earlier stages in
    `document.rows`; returns table name → rows with spans in the view. What it returns replaces the tables of that
    name. No I/O, no clock, no globals that change.

A stage that has rules names their files (`RuleSource`): the examples in them are run by `rules check` and the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile
from pipeline.stages import dates, layout, localities, model_counts, money, officials, scope, sentences

Rows = dict[str, list[Any]]


class RuleSource(NamedTuple):
    """A rule file of a stage: its name, its shape, the table its rules fill, and the short form of a row."""

    file: str
    shape: type[RuleFile]
    table: str
    describe: Callable[[Any], str]


class Stage(NamedTuple):
    """A stage: its name (also of its output), its two functions, and its rule files with examples."""

    name: str
    prepare: Callable[[RuleBook, LexiconBuilder], Any]
    run: Callable[[Document, Any], Rows]
    rules: tuple[RuleSource, ...] = ()


STAGES: Final = (
    Stage(  # parts of the document; title, author, day of publication
        "layout",
        layout.prepare,
        layout.run,
        tuple(RuleSource(file, shape, "01_layout", layout.describe) for file, shape in layout.FILES),
    ),
    Stage("sentences", sentences.prepare, sentences.run),  # sentences inside the parts, furniture left out
    Stage(  # calendar expressions, resolved against the day of publication
        "dates", dates.prepare, dates.run, (RuleSource("dates.yaml", dates.DateFile, "dates", dates.describe),)
    ),
    Stage(  # administrative units; the article's home unit
        "localities",
        localities.prepare,
        localities.run,
        (RuleSource(localities.FILE, localities.LocalityFile, "localities", localities.describe),),
    ),
    Stage(  # persons and their positions; their mentions
        "officials",
        officials.prepare,
        officials.run,
        (RuleSource("offices.yaml", officials.OfficeFile, "officials", officials.describe),),
    ),
    Stage(  # amounts
        "money", money.prepare, money.run, (RuleSource("money.yaml", money.MoneyFile, "money", money.describe),)
    ),
    Stage(  # counted models, exemplars, projects, groups
        "model_counts",
        model_counts.prepare,
        model_counts.run,
        (RuleSource("model_counts.yaml", model_counts.ModelFile, "model_counts", model_counts.describe),),
    ),
    Stage("scope", scope.prepare, scope.run),  # when and where an amount or a count holds
)
