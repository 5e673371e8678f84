"""What is known of each rule, for people: where it stands, what it matches, its examples and counter-examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.grammar.rules import RuleBook

_APART: Final = frozenset({"id", "note", "examples", "not"})
"""Keys that every rule has; the others say what it matches and what it means."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule: file name and line (from 1), its note, what it matches and means, and the texts that bind it."""

    id: str
    file: str
    line: int
    note: str
    says: dict[str, str]
    examples: tuple[tuple[str, str], ...]
    """Text and the value that it must give."""
    refuses: tuple[str, ...]
    """Texts that must yield nothing."""


def rule_cards(book: RuleBook) -> dict[str, RuleCard]:
    """Return rule id → card for every rule of every file of the book, the overlay's files first.

    Files are read as they are, without the checks that stages make: a broken file gives no cards.
    """
    names = {path.name for folder in (book.folder, book.overlay) if folder for path in folder.glob("*.yaml")}
    return {card.id: card for name in sorted(names) for card in _cards_of(book.path(name))}


def _cards_of(path: Path) -> Iterator[RuleCard]:
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        root = loader.get_single_node()
        for key, section in root.value if isinstance(root, yaml.MappingNode) else []:
            if key.value == "rules" and isinstance(section, yaml.SequenceNode):
                for node in section.value:
                    yield _card(path, node.start_mark.line + 1, loader.construct_document(node))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        return
    finally:
        loader.dispose()


def _card(path: Path, line: int, rule: dict[str, Any]) -> RuleCard:
    return RuleCard(
        id=str(rule["id"]),
        file=path.name,
        line=line,
        note=str(rule.get("note", "")).strip(),
        says={key: _plain(value) for key, value in rule.items() if key not in _APART},
        examples=tuple((str(item["text"]), _plain(item["value"])) for item in rule.get("examples", [])),
        refuses=tuple(map(str, rule.get("not", []))),
    )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " · ".join(map(_plain, value))
    if isinstance(value, dict):
        return " · ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return str(value)
