"""5,000 generated documents: none crashes a run, none is lost, and time grows with length, not faster."""

import random
import time
import unicodedata
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline import readers
from pipeline.readers import Rejected, Source
from pipeline.run import Options, extract_to

DOCUMENTS = 5000
SEED = 7
RAW = sorted(Path(__file__).parents[1].glob("data/raw/*.txt"))

FRAGMENTS = (
    "đồng chí ", "Chủ tịch UBND tỉnh ", "Bí thư Tỉnh ủy, ", "xã ", "TP. ", "ngày 3/5/2024 ", "từ ngày ", "đến ", "hơn ",
    "3,6 tỉ đồng ", "12 mô hình ", "( ", ") ", "“", "”", "- ", "1.", "000", "nguyên ", "kiêm ", "\n", "\t", "Q.1 ",
    "năm ", "một trăm ", "Nguyễn Văn ", "\u0301", "\u200b", "\u00a0", "\r", "\x00", "İ", "ﬃ", "𝕏", "Quảng Nam ",
    "; ", ", ", ": ",
)  # fmt: skip


def random_bytes(chance):
    return chance.randbytes(chance.randrange(600))


def mutated(chance):
    """A sample article with pieces cut out, doubled, moved, upper-cased, decomposed or overwritten."""
    text = RAW[chance.randrange(len(RAW))].read_text(encoding="utf-8")
    at = chance.randrange(len(text))
    text = text[at : at + chance.randrange(50, 900)]
    for _ in range(chance.randrange(1, 6)):
        first, last = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        piece = text[first:last]
        change = chance.randrange(6)
        if change == 0:
            text = text[:first] + text[last:]
        elif change == 1:
            text = text[:last] + piece[:200] + text[last:]
        elif change == 2:
            text = text[:first] + piece.upper() + text[last:]
        elif change == 3:
            text = text[:first] + unicodedata.normalize("NFD", piece) + text[last:]
        elif change == 4:
            text = text[:first] + chance.choice(FRAGMENTS) * 3 + text[last:]
        else:
            text = piece + text[:first] + text[last:]
        text = text or "x"
    data = bytearray(text.encode("utf-8", "replace"))
    if data and chance.random() < 0.1:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def fragments(chance):
    return "".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 80))).encode()


def repeated(chance):
    return (chance.choice(FRAGMENTS) * chance.randrange(1, 400)).encode()


def any_plane(chance):
    planes = [chance.randrange(17) * 0x10000 for _ in range(40)]
    points = [plane + chance.randrange(0x10000) for plane in planes]
    return "".join(chr(p) for p in points if not 0xD800 <= p < 0xE000).encode()


MAKERS = (random_bytes, mutated, mutated, fragments, repeated, any_plane)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    chance = random.Random(SEED)
    for number in range(DOCUMENTS):
        (folder / f"d{number:05d}.txt").write_bytes(MAKERS[number % len(MAKERS)](chance))
    return folder


def test_no_generated_document_crashes_a_run_or_is_lost(extractor, corpus, tmp_path):
    summary = extract_to(readers.read([corpus]), tmp_path, extractor, Options(workers=2, timeout=30))
    kept = pq.read_table(tmp_path / "articles.parquet", columns=["article_id", "text"])
    rejected = [reject.article_id for reject in summary.rejects]
    assert sorted([*kept["article_id"].to_pylist(), *rejected]) == [f"d{n:05d}" for n in range(DOCUMENTS)]
    failures = [reject for reject in summary.rejects if reject.reason not in {"empty", "binary", "undecodable"}]
    assert failures == []
    assert kept.num_rows > DOCUMENTS / 2
    texts = dict(zip(*kept.to_pydict().values(), strict=True))
    for name in ("dates", "officials", "official_mentions", "localities", "model_counts", "money"):
        for row in pq.read_table(
            tmp_path / f"{name}.parquet", columns=["article_id", "start", "end", "text"]
        ).to_pylist():
            assert texts[row["article_id"]][row["start"] : row["end"]] == row["text"]


LONG = (
    *(fragment for fragment in FRAGMENTS if fragment.strip()),
    "Bí thư Huyện ủy, Chủ tịch UBND xã ", "12/3 - 15/4, ", "a\u0301", "(ngày 3/5 (", "1.000.000 ", "tỉnh, huyện, xã ",
    "từ 1 đến 2 đến ", "ông Nguyễn ", "A", "à", " ", "Ủy viên Ban Thường vụ ", "một hai ba ", "2-3-4-",
)  # fmt: skip


@pytest.mark.parametrize("fragment", LONG, ids=ascii)
def test_time_grows_with_length_and_no_faster(extractor, fragment):
    """Four times the text may take at most eight times as long (twice linear, for noise)."""
    short, long = (fragment * (size // len(fragment)) for size in (5_000, 20_000))

    def seconds(text):
        best = []
        for _ in range(2):
            begun = time.process_time()
            extracted = extractor.extract_batch([Source("x", text, "")])
            best.append(time.process_time() - begun)
            assert extracted.failures == []
        return min(best)

    first = seconds(short)
    assert seconds(long) < 8 * max(first, 0.02)


def test_lines_of_a_megabyte(extractor, tmp_path):
    sample = RAW[0].read_text(encoding="utf-8").replace("\n", " ")
    texts = ["x" * 1_000_000, sample * (1_000_000 // len(sample)), "1" * 1_000_000, "đ " * 500_000]
    found = [Source(f"long{n}", text, "made") for n, text in enumerate(texts)]
    summary = extract_to(found, tmp_path, extractor, Options(workers=2))
    assert [(reject.article_id, reject.detail) for reject in summary.rejects] == []
    assert pq.read_table(tmp_path / "articles.parquet")["text"].to_pylist() == texts


def test_what_is_too_large_is_said(tmp_path):
    (tmp_path / "big.txt").write_text("x" * 2000)
    (reject,) = readers.read([tmp_path / "big.txt"], readers.Options(max_bytes=1000))
    assert isinstance(reject, Rejected)
    assert reject.reason == "too_large"
