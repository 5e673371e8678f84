"""Putting values of documents into a page without letting any of them become markup or code."""

from __future__ import annotations

import json
from typing import Any, Final

_ESCAPES: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
"""`<` opens tags, `</script>` and `<!--`; U+2028 and U+2029 end a line of old JavaScript. All stand only in strings."""


def script_json(value: Any) -> str:
    """Return `value` as JSON that is safe inside a `<script>` element and as a JavaScript expression."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
