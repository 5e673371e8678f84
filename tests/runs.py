"""What the tests of runs share: documents to extract, extractors that misbehave, and looking at what was written."""

import hashlib
import json
import os
import time

import pyarrow as pa

from pipeline.extractor import Extractor
from pipeline.readers import Source

pa.array([0])  # imports pandas: once here, not in every process that is forked

PARAGRAPHS = (
    "Sáng 20/9, tại xã Bình Lãnh, huyện Thăng Bình (Quảng Nam), UBND xã ra mắt 12 mô hình “Dân vận khéo”.",
    "Đồng chí Trần Văn Mẫn, Phó Bí thư Thường trực Huyện ủy, trao 15,5 triệu đồng cho 3 hộ nghèo.",
    "Trong 6 tháng đầu năm 2023, toàn huyện vận động hơn 3,6 tỉ đồng, xây 27 công trình, phần việc.",
    "Bà Lê Thị Hạnh, Chủ tịch Hội LHPN tỉnh Cà Mau, cho biết giai đoạn 2020-2025 có 1.294 mô hình tập thể.",
)


def articles(count, first=0):
    """Return `count` different short articles."""
    return [
        Source(
            f"a{number:05d}",
            "\n".join(PARAGRAPHS[(number + at) % 4].replace("12", str(number)) for at in range(1 + number % 4)),
            f"made:{number}",
        )
        for number in range(first, first + count)
    ]


def poisoned(number, how):
    """Return an article that `Fragile` cannot take: `exit`, `kill`, `hang` or `raise`."""
    return Source(f"a{number:05d}", f"POISON {how}", f"made:{number}")


class Fragile(Extractor):
    """Stages that a poisoned document ends, stops or breaks."""

    def __init__(self, *rules):
        super().__init__(*rules)
        self.steps.insert(0, ("poison", take_poison))


def take_poison(document):
    """End, stop or break where the document says so."""
    if document.text.startswith("POISON"):
        how = document.text.split()[1]
        if how == "exit":
            os._exit(7)
        if how == "kill":
            os.kill(os.getpid(), 9)
        if how == "hang":
            time.sleep(3600)
        if how == "raise":
            raise RuntimeError("no such luck")


def hashes(out):
    """Return path → SHA-256 of every table under a folder."""
    paths = sorted(path for path in out.rglob("*.parquet") if ".state" not in path.parts)
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def manifest(out):
    """Return the manifest of a run."""
    return json.loads((out / "run.json").read_text(encoding="utf-8"))
