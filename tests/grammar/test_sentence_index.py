from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.tables import SentenceRow


def index(*spans):
    document = Document("a", "x" * 100)
    document.rows["02_sentences"] = [SentenceRow(start, end) for start, end in spans]
    return SentenceIndex(document)


def test_a_position_is_in_the_sentence_that_covers_it():
    sentences = index((0, 10), (20, 30))
    assert sentences.at(9) == SentenceRow(0, 10)
    assert sentences.at(10) is None
    assert sentences.at(20) == SentenceRow(20, 30)


def test_around_gives_each_sentence_once_in_order():
    assert index((0, 10), (20, 30), (40, 50)).around([45, 5, 46, 15]) == [(0, 10), (40, 50)]


def test_around_takes_the_sentence_before_an_anchor_that_opens_one():
    assert index((0, 10), (10, 30)).around([11]) == [(0, 10), (10, 30)]
    assert index((0, 10), (10, 30)).around([15]) == [(10, 30)]
