from pipeline.dictionary import PAGE, markdown
from pipeline.tables import STAGE_TABLES, TABLES


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run `python -m pipeline.dictionary`"


def test_every_column_of_every_table_is_described():
    page = markdown()
    for table in (TABLES | STAGE_TABLES).values():
        for column in table.columns:
            assert len(column.description) > 10, (table.name, column.name)
            assert f"| `{column.name}` |" in page
