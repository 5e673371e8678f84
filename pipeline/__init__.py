"""vifacts: dates, officials, localities, model counts and money out of Vietnamese public-affairs news."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import extract as extract

__version__ = "0.1.0"
__all__ = ["extract"]


def __getattr__(name: str) -> Any:
    """Load the API when it is first asked for: commands that do not need it start without it."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module("pipeline.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
