import io
import json
import os
import pickle

import pytest

from pipeline.readers import Options, Rejected, Source, parse_columns, read

TEXT = "Xã Tân Lập ra mắt tổ dân vận cộng đồng."


def outcomes(*inputs, options=None):
    """Return what reading gives: ids of documents and reasons of rejects."""
    return [item.article_id if isinstance(item, Source) else item.reason for item in read(inputs, options)]


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(**record):
    return json.dumps(record, ensure_ascii=False) + "\n"


def test_folders_are_read_whole_in_order_of_name(tmp_path):
    write(tmp_path / "b.txt", TEXT)
    write(tmp_path / "a" / "x.TXT", TEXT)
    write(tmp_path / "a" / "b" / "x.txt", TEXT)
    write(tmp_path / "c.jsonl", line(id=7, text=TEXT) + line(id="c2", text=TEXT))
    write(tmp_path / ".hidden.txt", TEXT)
    write(tmp_path / "notes.docx", b"PK")
    assert outcomes(tmp_path) == ["a/b/x", "a/x", "b", "7", "c2", "unsupported"]


def test_a_link_to_a_folder_is_not_followed_round_and_round(tmp_path):
    write(tmp_path / "a" / "x.txt", TEXT)
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert outcomes(tmp_path) == ["unsupported", "a/x", "missing"]


def test_patterns_are_expanded_and_names_with_brackets_are_names(tmp_path):
    for name in ("n1.txt", "n2.txt", "m.txt", "[x].txt"):
        write(tmp_path / name, TEXT)
    assert outcomes(tmp_path / "n*.txt") == ["n1", "n2"]
    assert outcomes(tmp_path / "[x].txt") == ["[x]"]
    assert outcomes(tmp_path / "z*.txt", tmp_path / "z.txt") == ["missing", "missing"]


def test_the_first_of_a_repeated_id_wins_across_files(tmp_path):
    one = write(tmp_path / "one.jsonl", line(id="a", text=TEXT) + line(id="a", text="khác"))
    two = write(tmp_path / "two.jsonl", line(id="a", text=TEXT) + line(id="b", text=TEXT))
    assert outcomes(one, two) == ["a", "repeated_id", "repeated_id", "b"]


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert outcomes(tmp_path / "pipe.txt") == ["unsupported"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_rejected(tmp_path):
    write(tmp_path / "x.txt", TEXT).chmod(0)
    assert outcomes(tmp_path / "x.txt") == ["unreadable"]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (line(id="a", text=TEXT).encode(), ["a"]),
        (b"\xef\xbb\xbf" + line(id="a", text=TEXT).encode(), ["a"]),
        (TEXT.encode(), ["stdin"]),
        (f"<html><body><p>{TEXT * 5}</p></body></html>".encode(), ["stdin"]),
        (b"", ["empty"]),
        (b"%PDF-1.4", ["binary"]),
    ],
)
def test_standard_input_is_read_as_what_it_starts_like(monkeypatch, content, ids):
    stream = io.BufferedReader(io.BytesIO(content))
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
    assert outcomes("-") == ids


@pytest.mark.parametrize("empty", [b"", b" \n\t\n", b"\xef\xbb\xbf\r\n", "\u200b\u00a0".encode()])
def test_empty_files_have_their_reason(tmp_path, empty):
    assert outcomes(write(tmp_path / "x.txt", empty)) == ["empty"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "broken_json"),
        ("[1, 2]", "broken_json"),
        ('"text"', "broken_json"),
        ("[" * 100_000, "broken_json"),
        ('{"id": "a"}', "missing_text"),
        ('{"id": "a", "text": 5}', "missing_text"),
        ('{"text": "x"}', "missing_id"),
        ('{"id": "", "text": "x"}', "missing_id"),
        ('{"id": null, "text": "x"}', "missing_id"),
        ('{"id": [1], "text": "x"}', "missing_id"),
        ('{"id": true, "text": "x"}', "missing_id"),
        ('{"id": "a", "text": " "}', "empty"),
        (b'{"id": "a", "text": "\xff\xfe\xfa"}', "undecodable"),
    ],
)
def test_a_broken_line_has_its_reason_and_the_next_is_read(tmp_path, content, reason):
    content = content if isinstance(content, bytes) else content.encode()
    path = write(tmp_path / "x.jsonl", content + b"\n\n" + line(id="next", text=TEXT).encode())
    assert outcomes(path) == [reason, "next"]
    reject = next(iter(read([path])))
    assert reject.detail.startswith(f"{path}:1: ")
    assert "\n" not in reject.detail


def test_lone_surrogates_become_replacement_characters(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"id": "a\\ud800", "text": "x\\ud83d y\\ud83d\\ude00", "title": "\\udc00"}\n')
    (source,) = read([path])
    assert (source.article_id, source.text, source.title) == ("a\ufffd", "x\ufffd y\U0001f600", "\ufffd")


def test_only_line_ends_and_the_mark_are_changed(tmp_path):
    raw = "\ufeffMột\r\nhai\rba\n\tbốn\u00a0 hoà\u0301\x00"
    (source,) = read([write(tmp_path / "x.txt", raw)])
    assert source.text == "Một\nhai\rba\n\tbốn\u00a0 hoà\u0301\x00"


def test_lines_in_utf_16_are_read(tmp_path):
    path = write(tmp_path / "x.jsonl", (line(id="a", text=TEXT) + line(id="b", text="hai\u2028ba")).encode("utf-16"))
    assert [(item.article_id, item.text) for item in read([path])] == [("a", TEXT), ("b", "hai\u2028ba")]


def test_columns_may_have_other_names(tmp_path):
    path = write(tmp_path / "x.jsonl", line(doc_id=3, content=TEXT, link="https://example.vn", when="05/03/2021 08:15"))
    options = Options(columns=parse_columns("text=content, id=doc_id,url=link,date=when"))
    (source,) = read([path], options)
    assert (source.article_id, source.text, source.url) == ("3", TEXT, "https://example.vn")
    assert source.published_at.isoformat() == "2021-03-05T08:15:00+07:00"
    assert outcomes(path) == ["missing_text"]


@pytest.mark.parametrize("value", ["text", "body=content", "text="])
def test_a_wrong_mapping_is_refused(value):
    with pytest.raises(ValueError, match=r"mapping|field"):
        parse_columns(value)


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("2021-03-05", "2021-03-05"),
        ("2021/03/05", "2021-03-05"),
        ("05/03/2021", "2021-03-05"),
        ("2021-03-05 08:15:10", "2021-03-05T08:15:10+07:00"),
        ("2021-03-05T01:15:00Z", "2021-03-05T08:15:00+07:00"),
        ("2021-03-04T20:00:00+00:00", "2021-03-05T03:00:00+07:00"),
        (1614906900, "2021-03-05T08:15:00+07:00"),
        (1614906900000, "2021-03-05T08:15:00+07:00"),
        ("hôm qua", None),
        ("2021-02-30", None),
        ("31/02/2021", None),
        (-5, None),
        (float("nan"), None),
        (10**30, None),
        ([1], None),
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_dates_of_metadata(tmp_path, value, want):
    path = write(tmp_path / "x.jsonl", line(id="a", text=TEXT, published_at=value))
    (source,) = read([path])
    assert (source.published_at.isoformat() if source.published_at else None) == want
    assert (source.note is None) == (want is not None)


def test_an_id_is_never_a_path(tmp_path):
    path = write(tmp_path / "x.jsonl", line(id="../../etc/passwd", text=TEXT) + line(id="/tmp/\u0000x", text=TEXT))
    assert outcomes(path) == ["../../etc/passwd", "/tmp/\u0000x"]


def test_what_is_read_can_be_sent_to_a_worker():
    items = [Source("a", "x", "s"), Rejected("s", "empty", "s: empty")]
    assert pickle.loads(pickle.dumps(items)) == items


def test_reading_is_lazy(tmp_path):
    path = write(tmp_path / "x.jsonl", line(id="a", text=TEXT))
    items = read([path, tmp_path / "later.txt"])
    assert next(items).article_id == "a"
    write(tmp_path / "later.txt", TEXT)
    assert next(items).article_id == "later"
