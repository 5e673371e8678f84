import pyarrow.parquet as pq
import pytest
from handmade_run import write_run

from pipeline.output import Output, OutputError
from pipeline.tables import STAGE_TABLES, TABLES


@pytest.fixture
def folder(tmp_path):
    write_run(tmp_path / "out")
    return tmp_path / "out"


def split(folder, name, size):
    """Replace a table's file by a folder of files with `size` rows each."""
    path = folder / f"{name}.parquet"
    table = pq.read_table(path)
    path.unlink()
    (folder / name).mkdir()
    for number, begin in enumerate(range(0, table.num_rows, size)):
        pq.write_table(table.slice(begin, size), folder / name / f"part-{number:03}.parquet", row_group_size=2)
    return table


def test_a_table_in_one_file_or_in_many_is_the_same(folder):
    whole = split(folder, "articles", 7)
    output = Output(folder)
    assert output.count("articles") == 25
    assert output.table("articles").equals(whole)
    assert output.article_ids() == whole["article_id"].to_pylist()
    assert list(output.rows("articles", ["title"])) == whole.select(["title"]).to_pylist()


def test_rows_of_some_articles(folder):
    split(folder, "articles", 3)
    found = Output(folder).table("articles", ["plain-07", "nested"], ["title"])
    assert found.to_pylist() == [{"title": "Ngày hội ở Kim Bôi"}, {"title": "Bản tin số 7"}]
    assert Output(folder).table("money", []).num_rows == 0


def test_tables_that_a_run_lacks_are_empty(folder):
    (folder / "money.parquet").unlink()
    (folder / "stages" / "03_dates.parquet").unlink()
    (folder / "rejects.parquet").unlink()
    (folder / "run.json").unlink()
    output = Output(folder)
    assert output.table("money").schema.equals(TABLES["money"].schema)
    assert output.table("03_dates", columns=["text"]).schema.names == ["text"]
    assert output.table("03_dates").schema.equals(STAGE_TABLES["03_dates"].schema)
    assert (output.table("rejects").num_rows, output.count("rejects"), output.manifest()) == (0, 0, {})


def test_a_folder_without_a_run_says_what_to_do(tmp_path):
    with pytest.raises(OutputError, match=r"no articles\.parquet here; run `vifacts extract INPUTS --out"):
        Output(tmp_path)
