"""Rule files: reading, checking, and the shape that every rule shares.

A rule file is YAML under `rules/`. A rule has an `id`, what it matches (a `pattern` or `terms`), what it means
(fields of its own), `examples` (text → value in the stage's short form) and `not` (texts that must yield nothing).
Each stage declares the shape of its file as a subclass of `RuleFile`; nothing is read that is not declared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import regex
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.grammar.patterns import with_branches

T = TypeVar("T", bound="RuleFile")


class RuleError(ValueError):
    """A rule file with a mistake: file, line where known, and what is wrong."""


class Example(BaseModel):
    """A text and the value that the rule must give it, with the metadata it is read under."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    value: str | list[str]
    """Short form of the row, or of all rows in reading order."""
    published: str | None = None
    """ISO day of publication that the example assumes."""


class Rule(BaseModel):
    """What every rule has; a stage's rules add fields of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")
    note: str = ""
    """Why the rule is there, or where its facts come from."""
    examples: list[Example] = []
    counter: list[str] = Field(default=[], alias="not")
    """Texts in which this rule must yield nothing."""


class RuleFile(BaseModel):
    """What every rule file has. `atoms` are named pieces that patterns insert as `{name}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    atoms: dict[str, str] = {}
    rules: list[Rule] = []

    @model_validator(mode="after")
    def _ids_are_unique(self) -> RuleFile:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"two rules have the id {rule.id!r}; rename one")
            seen.add(rule.id)
        return self


class RuleBook:
    """The rule files under one folder, read on demand; `overlay` folders replace files of the same name."""

    def __init__(self, folder: Path, overlay: Path | None = None) -> None:
        self.folder = folder
        self.overlay = overlay

    def path(self, name: str) -> Path:
        """Return where the rule file `name` (such as `dates.yaml`) stands, the overlay first."""
        if self.overlay is not None and (self.overlay / name).exists():
            return self.overlay / name
        return self.folder / name

    def load(self, name: str, shape: type[T]) -> T:
        """Read and check the rule file `name` against its declared shape.

        Raises:
            RuleError: If the file is missing, is not YAML, has text that is not NFC, or breaks its shape.
        """
        path = self.path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
        _refuse_decomposed(path, text)
        try:
            return shape.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - the safe loader, in C where there is one
        except yaml.YAMLError as error:
            raise RuleError(f"{path}{_mark(error)}: not YAML: {getattr(error, 'problem', None) or error}") from error
        except ValidationError as error:
            raise RuleError("; ".join(_complaints(path, text, error))) from error


_ATOM = re.compile(r"\{([a-z_]+)\}")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _mark(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}" if mark else ""


def _refuse_decomposed(path: Path, text: str) -> None:
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not unicodedata.is_normalized("NFC", line):
            raise RuleError(f"{path}:{number}: text is not in NFC; save the file with composed letters")


def _complaints(path: Path, text: str, error: ValidationError) -> Iterator[str]:
    for item in error.errors():
        line = _line_of(text, item["loc"])
        where = f"{path}:{line}" if line else str(path)
        yield f"{where}: {'.'.join(map(str, item['loc']))}: {item['msg']}"


def _line_of(text: str, location: tuple[int | str, ...]) -> int | None:
    """Return the line (from 1) of the YAML node that `location` leads to, as deep as it can be followed."""
    node = yaml.compose(text, Loader=_Loader)
    line: int | None = None
    for step in location:
        child = _child(node, step)
        if child is None:
            break
        node = child
        line = node.start_mark.line + 1
    return line


def _child(node: Any, step: int | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def alternatives(terms: list[str] | Mapping[str, Any]) -> str:
    """Return a regular expression group for the literal terms, longest first.

    Raises:
        RuleError: If there is no term or an empty one: the group would match everywhere.
    """
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    if not ordered or not all(term.strip() for term in ordered):
        raise RuleError("an empty group of alternatives would match everywhere; give it a term")
    return "(?:" + "|".join(regex.escape(term, special_only=True, literal_spaces=True) for term in ordered) + ")"


def endings(terms: Iterable[str]) -> tuple[str, ...]:
    """Return the last words of the terms, each with a space: what a text ends with that ends with a term and a space.

    To ask for them (`str.endswith`) spares most of the searches for the terms, which take ten times as long.
    """
    return tuple(sorted({term.rstrip().rpartition(" ")[2] + " " for term in terms}))


def whole_words(terms: Iterable[str]) -> str:
    """Return a pattern of the literal terms between word boundaries, the longest that fits first.

    Terms are grouped by their first letter, behind which the boundary is asked for: the engine skips to those letters.

    Raises:
        RuleError: If there is no term or an empty one: the pattern would match everywhere.
    """
    groups: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        groups.setdefault(term[:1], []).append(re.escape(term[1:]))
    if not groups or not all(first.strip() for first in groups):
        raise RuleError("an empty group of alternatives would match everywhere; give it a term")
    ways = (rf"{re.escape(first)}(?<!\w.)(?:{'|'.join(rests)})" for first, rests in groups.items())
    return rf"(?:{'|'.join(ways)})(?!\w)"


def compile_pattern(pattern: str, atoms: Mapping[str, str], *, flags: int = regex.IGNORECASE) -> regex.Pattern[str]:
    """Compile a rule's pattern after putting its atoms, and theirs, in the place of `{name}`.

    Quantifiers such as `{1,2}` are left alone. A pattern that matches the empty string is refused.

    Raises:
        RuleError: For an unknown atom, atoms that contain each other, a pattern that does not compile, or one
            that matches nothing at all.
    """
    try:
        compiled = regex.compile(expand(pattern, atoms), flags | regex.VERSION0)
    except regex.error as error:
        raise RuleError(f"{pattern!r} does not compile: {error}") from error
    if compiled.fullmatch(""):
        raise RuleError(f"{pattern!r} matches the empty string; it would match everywhere")
    return compiled


def compile_plain(pattern: str, atoms: Mapping[str, str]) -> re.Pattern[str]:
    """Compile a pattern of lower-case text like `compile_pattern`, with `re`, which is faster and asks for less.

    Raises:
        RuleError: As `compile_pattern` does.
    """
    source = expand(pattern, atoms)
    try:
        compiled = re.compile(with_branches(source))
    except re.error as error:
        raise RuleError(f"{pattern!r} does not compile: {error}") from error
    if compiled.fullmatch(""):
        raise RuleError(f"{pattern!r} matches the empty string; it would match everywhere")
    return compiled


def expand(pattern: str, atoms: Mapping[str, str]) -> str:
    """Return a rule's pattern with its atoms, and theirs, in the place of `{name}`.

    Raises:
        RuleError: For an unknown atom, or atoms that contain each other.
    """
    source = pattern
    for _ in range(12):
        expanded = _ATOM.sub(lambda match: _atom(match[1], atoms), source)
        if expanded == source:
            return source
        source = expanded
    raise RuleError(f"atoms contain each other in {pattern!r}")


def _atom(name: str, atoms: Mapping[str, str]) -> str:
    if name not in atoms:
        raise RuleError(f"unknown atom {{{name}}}; known: {', '.join(sorted(atoms))}")
    return f"(?:{atoms[name]})"
