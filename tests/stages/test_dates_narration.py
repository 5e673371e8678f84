"""`cùng ngày` is the day that the text is narrating where it stands."""

import pytest

from pipeline.stages.dates import describe

FILLER = "Các hộ dân vui mừng đón đoàn, cùng nhau dọn dẹp đường làng và trồng thêm cây xanh quanh nhà văn hóa. "


@pytest.fixture
def same_day(read):
    def run(text, published="2023-06-15"):
        rows = read(text, published)["dates"]
        return next(describe(row) for row in rows if row.rule == "dates.same.day")

    return run


def test_the_day_told_just_before(same_day):
    assert same_day("Ngày 3/5, mưa lớn. Tối cùng ngày, nước dâng.") == "2023-05-03"


def test_the_event_of_the_article_once_background_is_far_behind(same_day):
    text = f"Sáng 14/6, cầu thông xe. Cầu khởi công ngày 2/9/2021. {FILLER * 4}Chiều cùng ngày, đoàn về xã."
    assert same_day(text) == "2023-06-14"


def test_a_story_goes_on_however_long_by_the_clock(same_day):
    crime = f"Theo cáo trạng, khoảng 15 giờ ngày 3/2/2022, A vào rẫy. {FILLER * 8}Đến 22 giờ cùng ngày, A về."
    text = f"Ngày 14/6, tòa xử vụ trộm. {crime}"
    assert same_day(text) == "2022-02-03"


@pytest.mark.parametrize(
    "aside",
    [
        "Ông Lê Văn Đồng nghỉ hưu từ ngày 1/6.",
        "Quyết định số 12/QĐ-UBND ngày 5/6/2023 được công bố.",
        "Ông Lê Văn Đồng sinh ngày 12/3/1970.",
        "Hồ sơ nộp trước ngày 10/6.",
        "Lễ kỷ niệm mở ngày 30/6.",
        "Nhân Ngày Báo chí cách mạng (21/6/1925 - 21/6/2023), xã tặng hoa.",
    ],
)
def test_births_documents_limits_and_plans_are_not_narrated(same_day, aside):
    assert same_day(f"Sáng 14/6, xã họp dân. {aside} Cùng ngày, đoàn thăm trường.") == "2023-06-14"


def test_a_scene_of_the_days_before_publication_lasts(same_day):
    text = f"Ngày 15/6, báo đưa tin. Chiều 13/6, đoàn tới huyện. {FILLER * 14}Chiều cùng ngày, đoàn thăm bệnh viện."
    assert same_day(text) == "2023-06-13"


def test_the_next_day_moves_the_story_on(same_day):
    text = "Ngày 3/5, mưa lớn. Sáng ngày hôm sau, nước rút. Chiều cùng ngày, xã dọn bùn."
    assert same_day(text) == "2023-05-04"


def test_without_any_day_told_it_is_the_publication(same_day):
    assert same_day("Chiều cùng ngày, đoàn thăm trường.") == "2023-06-15"
    assert same_day("Chiều cùng ngày, đoàn thăm trường.", None) == "?"
