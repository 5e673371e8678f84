"""Reading rule files for mistakes that no example shows: what can never match, is said twice, or is never used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.document import View, fold
from pipeline.grammar.rules import RuleBook, RuleError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ATOM: Final = re.compile(r"\{([a-z_]+)\}")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a rule file that looks wrong: file, line (from 1) and what it is."""

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


def lint(book: RuleBook) -> Iterator[Note]:
    """Yield what looks wrong in the files of the book; the files must be YAML (`RuleBook.load` checks that)."""
    shipped = {path.name for path in book.folder.glob("*.yaml")}
    names = set(shipped)
    if book.overlay is not None:
        for path in sorted(book.overlay.iterdir()):
            if path.name not in shipped and not path.is_dir():
                yield Note(path, 1, f"no stage reads a file of this name; there are {', '.join(sorted(shipped))}")
    for name in sorted(names):
        path = book.path(name)
        root = _compose(path)
        if isinstance(root, yaml.MappingNode):
            yield from _repeated_keys(path, root)
            yield from _repeated_terms(path, root)
            yield from _shared_terms(path, root)
            yield from _unused_atoms(path, root)
            yield from _unreachable(path, root)
            yield from _without_examples(path, root)


def _compose(path: Path) -> Any:
    return yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _walk(node: Any) -> Iterator[Any]:
    """Yield a node and every node below it."""
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(key)
            yield from _walk(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item)


def _get(node: Any, name: str) -> Any:
    """Return the value of a key of a mapping node, None where it has none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _rules(root: Any) -> list[Any]:
    rules = _get(root, "rules")
    return list(rules.value) if isinstance(rules, yaml.SequenceNode) else []


def _scalars(node: Any) -> list[Any]:
    return [item for item in node.value if isinstance(item, yaml.ScalarNode)] if _is_list(node) else []


def _is_list(node: Any) -> bool:
    return isinstance(node, yaml.SequenceNode)


def _key(term: str) -> str:
    """Return the term as it is compared with a text: normalised and in lower case."""
    return fold(View(term).text)


def _repeated_keys(path: Path, root: Any) -> Iterator[Note]:
    for node in _walk(root):
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        yield Note(
                            path,
                            _line(key),
                            f"{key.value!r} stands at line {seen[key.value]} too; only this one counts",
                        )
                    seen[key.value] = _line(key)


def _repeated_terms(path: Path, root: Any) -> Iterator[Note]:
    """Yield terms that stand twice in one list; outside rules a list may be read with regard to case."""
    for key, section in root.value:
        if key.value == "rules":
            lists = [(node, _key) for rule in _rules(root) if (node := _get(rule, "terms"))]
        else:
            lists = [(node, _spelling) for node in _walk(section) if _is_list(node)]
        for node, normal in lists:
            seen: set[str] = set()
            for term in _scalars(node):
                if _is_word(term) and normal(term.value) in seen:
                    yield Note(path, _line(term), f"{term.value!r} is in this list twice; delete one")
                seen.add(normal(term.value))


def _is_word(node: Any) -> bool:
    return bool(_LETTERS.search(node.value))


def _spelling(term: str) -> str:
    return View(term).text


def _shared_terms(path: Path, root: Any) -> Iterator[Note]:
    """Yield terms that an earlier rule for the same place has already: of two such rules one is shadowed."""
    owners: dict[tuple[str, str | None], str] = {}
    for rule in _rules(root):
        name = _value(rule, "id") or "?"
        for term in _scalars(_get(rule, "terms")):
            owner = owners.setdefault((_key(term.value), _value(rule, "where")), name)
            if owner != name:
                yield Note(path, _line(term), f"{term.value!r} of {name} is shadowed by {owner}, which has it too")


def _value(node: Any, name: str) -> str | None:
    found = _get(node, name)
    return str(found.value) if isinstance(found, yaml.ScalarNode) else None


def _unused_atoms(path: Path, root: Any) -> Iterator[Note]:
    atoms = _get(root, "atoms")
    if not isinstance(atoms, yaml.MappingNode):
        return
    used = {name for node in _walk(root) if isinstance(node, yaml.ScalarNode) for name in _ATOM.findall(node.value)}
    for key, _ in atoms.value:
        if key.value not in used:
            yield Note(path, _line(key), f"no pattern of this file uses the atom {{{key.value}}}")


def _unreachable(path: Path, root: Any) -> Iterator[Note]:
    """Yield patterns with a spelling that the normalised view never has."""
    for pattern in _patterns(root):
        for word in dict.fromkeys(_LETTERS.findall(pattern.value)):
            seen = View(word).text
            if seen != word:
                yield Note(path, _line(pattern), f"{word!r} never matches: the text is read as {seen!r}; write that")


def _patterns(root: Any) -> list[Any]:
    atoms = _get(root, "atoms")
    found = [value for _, value in atoms.value] if isinstance(atoms, yaml.MappingNode) else []
    return found + [node for rule in _rules(root) if (node := _get(rule, "pattern")) is not None]


def _without_examples(path: Path, root: Any) -> Iterator[Note]:
    for rule in _rules(root):
        if not _is_list(_get(rule, "examples")) and not _is_list(_get(rule, "not")):
            yield Note(path, _line(rule), f"{_value(rule, 'id') or '?'} has neither an example nor a counter-example")


def locate(error: RuleError, book: RuleBook) -> RuleError:
    """Return the error with file and line of the text it speaks of, where it names no file and that can be found.

    A stage that compiles a pattern knows the pattern, not where it was written. The overlay is searched first:
    a mistake is more likely in what the user wrote.
    """
    message = str(error)
    if re.match(r"\S+\.yaml\b", message):
        return error
    wanted = re.search(r"\{[a-z_]+\}", message) if message.startswith("unknown atom") else None
    for folder in filter(None, (book.overlay, book.folder)):
        for path in sorted(folder.glob("*.yaml")):
            for node in _walk(_compose(path)):
                if isinstance(node, yaml.ScalarNode) and (
                    wanted[0] in node.value if wanted else len(node.value) > 1 and repr(node.value) in message
                ):
                    return RuleError(f"{path}:{_line(node)}: {message}")
    return error
