"""Five thousand hostile documents through reading, layout and sentences: nothing crashes, nothing is lost."""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.document import Document
from pipeline.extractor import default_rules
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.readers import Options, Source, read
from pipeline.stages import layout, sentences

DOCUMENTS = 5000
RAW = Path(__file__).parents[2] / "data" / "raw"
ARTICLE = """Lan tỏa dân vận khéo ở xã Tân Lập

05/03/2021 - 08:15

Những năm qua, xã Tân Lập có nhiều cách làm hay trong công tác dân vận, được cấp trên ghi nhận và biểu dương.
Đồng chí Trần Văn Mẫu (bìa trái) trao quà cho hộ nghèo. Ảnh: Q. Thành
Đến nay, toàn xã có 27 mô hình “Dân vận khéo”, tổng trị giá 1,5 tỷ đồng. Theo ThS. Lê Thị Thử, TP.
Cần Thơ có thêm 12 mô hình...
Bài, ảnh: MINH CHÂU
Tin liên quan
"""
PIECES = [
    "a",
    " ",
    "\n",
    ".",
    "TP.",
    "Ảnh: ",
    "1.",
    "12/3/2021 ",
    "(",
    "\u0301",
    "Đ",
    "\u200b",
    "a.",
    "- ",
    "Theo ",
    '"',
    "…",
    "A ",
    "Bài: ",
]


@pytest.fixture(scope="module")
def stages():
    book = RuleBook(default_rules())
    return layout.prepare(book, LexiconBuilder()), sentences.prepare(book, LexiconBuilder())


def originals():
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(RAW.glob("*.txt"))[:20]]
    return [text for text in texts if text.strip()] or [ARTICLE]


def random_bytes(pick, _):
    return pick.randbytes(pick.randint(0, 1000))


def every_plane(pick, _):
    plane = pick.randrange(17) << 16
    return "".join(chr(plane + pick.randrange(0x10000)) for _ in range(pick.randint(1, 400))).encode(
        "utf-8", "surrogatepass"
    )


def mutated(pick, texts):
    data = bytearray(pick.choice(texts).encode(pick.choice(["utf-8", "utf-8", "utf-16", "utf-8-sig"])))
    for _ in range(pick.randint(1, 12)):
        at = pick.randrange(len(data))
        data[at : at + pick.randint(0, 40)] = pick.choice(
            [b"", b"\n", pick.randbytes(2), "ế".encode(), bytes(data[at : at + 30]) * 3]
        )
        data = data or bytearray(b" ")
    return bytes(data)


def cut_and_joined(pick, texts):
    one, other = pick.choice(texts), pick.choice(texts)
    return (
        one[: pick.randint(0, len(one))] + pick.choice(["", "\n", " "]) + other[pick.randint(0, len(other)) :]
    ).encode()


def repeated(pick, _):
    return (pick.choice(PIECES) * pick.randint(1, 4) + pick.choice(PIECES)).encode() * pick.randint(1, 300)


def shuffled_pieces(pick, _):
    return "".join(pick.choices(PIECES, k=pick.randint(1, 300))).encode()


MAKERS = [random_bytes, every_plane, mutated, cut_and_joined, repeated, shuffled_pieces]


def run(stages, source):
    """Run layout and sentences over a source; check what every document must keep."""
    document = Document(source.article_id, source.text)
    document.rows.update(layout.run(document, stages[0]))
    document.rows.update(sentences.run(document, stages[1]))
    end = 0
    for part in document.rows["01_layout"]:
        assert end <= part.start < part.end <= len(document.view.text)
        end = part.end
    end = 0
    for row in document.rows["02_sentences"]:
        assert end <= row.start < row.end
        assert document.view.text[row.start : row.end].strip()
        end = row.end
    return document


def test_five_thousand_hostile_documents(tmp_path, stages):
    pick, texts = random.Random(20240229), originals()
    for number in range(DOCUMENTS):
        data = pick.choice(MAKERS)(pick, texts)
        if number % 5 == 0:
            text = data.decode("utf-8", "surrogateescape" if number % 2 else "replace")
            with (tmp_path / "all.jsonl").open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"id": number, "text": text}) + "\n")
        else:
            (tmp_path / f"{number:05}.txt").write_bytes(data)
    reasons = Counter()
    for item in read([tmp_path], Options(max_bytes=100_000)):
        reasons["read" if isinstance(item, Source) else item.reason] += 1
        if isinstance(item, Source):
            item.text.encode()
            run(stages, item)
        else:
            assert "\n" not in item.detail
    assert reasons.total() == DOCUMENTS
    assert set(reasons) <= {"read", "empty", "binary", "undecodable", "too_large"}
    assert reasons["read"] > DOCUMENTS / 2


@pytest.mark.parametrize(
    "piece", [*PIECES, "Minh Châu ", "TP. ", "a\n", "Ảnh: A\n", "“", "x. y ", "N.", "é", "Trang chủ > "]
)
def test_time_grows_as_the_text_does(stages, piece):
    def seconds(size):
        source = Source("a", (piece * (size // len(piece) + 1))[:size], "a")
        begun = time.process_time()
        run(stages, source)
        return time.process_time() - begun

    small = min(seconds(20_000) for _ in range(2))
    assert seconds(160_000) < 8 * 3 * max(small, 0.01)


def test_a_line_of_a_megabyte(stages):
    begun = time.process_time()
    run(stages, Source("a", ARTICLE.replace("\n", " ") * (1_000_000 // len(ARTICLE)), "a"))
    assert time.process_time() - begun < 5
