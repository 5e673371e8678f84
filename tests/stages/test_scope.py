import datetime as dt

import pytest


@pytest.fixture
def scope(read):
    """Return a function that gives period and unit of the last amount or count of a text."""

    def run(text, published="2023-06-15"):
        rows = read(text, published)
        row = max([*rows["money"], *rows["model_counts"]], key=lambda row: row.start)
        period = None if row.period_from is None else (row.period_from.isoformat(), row.period_to.isoformat())
        return period, row.unit_path

    return run


YEAR_2022 = ("2022-01-01", "2022-12-31")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Năm 2022, tỉnh Quảng Ninh chi 30 tỷ đồng làm đường.", YEAR_2022),
        ("Tỉnh Quảng Ninh năm 2022 xây dựng 40 mô hình dân vận khéo.", YEAR_2022),
        ("Tuyên dương 60 điển hình tiên tiến năm 2022.", YEAR_2022),
        ("Năm 2021 chi 20 tỷ đồng, năm 2022 chi 30 tỷ đồng.", YEAR_2022),
        ("Sáng 20/5/2023, đoàn trao 30 triệu đồng cho các em.", ("2023-05-20", "2023-05-20")),
        ("Năm 2022, các cấp làm nhiều việc. Hội xây dựng 40 mô hình kinh tế.", YEAR_2022),
        ("Sáng 20/5/2023, hội trao quà. Mỗi em được trao 2 triệu đồng.", ("2023-05-20", "2023-05-20")),
        (
            "Theo báo cáo của Thanh tra tỉnh, năm 2022 ngành làm 40 cuộc. Đã thu hồi 3 tỷ đồng.",
            YEAR_2022,
        ),
        ("Các đội kiểm tra nhiều nơi trong năm 2022. Qua đó, phạt 3 tỷ đồng.", YEAR_2022),
        ("Từ tháng 3/2023 đến nay, sở phạt 3 tỷ đồng.", ("2023-03-01", "2023-06-15")),
        (
            "Dự án cấp nước có tổng vốn 80 tỷ đồng. Dự án thực hiện từ năm 2023 đến năm 2025.",
            ("2023-01-01", "2025-12-31"),
        ),
        ("Tối 20/11/2022, tỉnh tuyên dương 60 gương nhà giáo tiêu biểu năm 2022.", YEAR_2022),
        ("Chiếc cầu tốn hết 740 triệu đồng (năm 2022) nay đã cũ.", YEAR_2022),
        ("Ông Nguyễn Văn Ba cho biết năm 2022, tỉnh có nhiều việc. Các hội góp 30 tỷ đồng.", YEAR_2022),
        ("Thiết thực chào mừng ngày hội, năm 2022, xã làm nhiều việc. Hội góp 30 triệu đồng.", YEAR_2022),
        ("Sáng 20/5/2023, đoàn bàn giao 12 căn nhà. Mỗi nhà trị giá 90 triệu đồng.", ("2023-05-20", "2023-05-20")),
        ("Năm 2022, quỹ chi 90 triệu đồng.\nCác hộ vui mừng.\nHọ nói 90 triệu đồng ấy quý lắm.", YEAR_2022),
        (
            "Ngày 20/5/2023, tòa tuyên phạt bị cáo theo Bộ luật Hình sự năm 2015, buộc bồi thường 38 triệu đồng.",
            ("2023-05-20", "2023-05-20"),
        ),
        (
            "Từ tháng 3/2023 đến tháng 5/2023, Tám bán hàng giả. Toàn bộ số tiền hơn 9 tỷ đồng đã tiêu hết.",
            ("2023-03-01", "2023-05-31"),
        ),
        ("Chiều 20/5/2023, xã họp dân. Theo đó, mỗi hộ nhận 2 triệu đồng.", ("2023-05-20", "2023-05-20")),
        (
            "Khoảng 15 giờ ngày 20/5/2023, tàu của ông Sáu gặp nạn. Tàu hỏng, mất 300 triệu đồng.",
            ("2023-05-20", "2023-05-20"),
        ),
        (
            "Đêm 20/5/2023, công an ập vào quán. Nhiều người bỏ chạy. Công an thu giữ 70 triệu đồng.",
            ("2023-05-20", "2023-05-20"),
        ),
        (
            "Đầu tháng 4/2023, kho bị cháy. Ngày 20/5/2023, công an bắt ba người. Tang vật thu giữ có 8 triệu đồng.",
            ("2023-05-20", "2023-05-20"),
        ),
        (
            "Báo Mới - Sáng 20/5/2023, tỉnh họp cựu binh.\nHọ kể chuyện. Dịp này, tỉnh tặng mỗi người 2 triệu đồng.",
            ("2023-05-20", "2023-05-20"),
        ),
        ("Sáng 20/5/2023, hội làm lễ.\nTại buổi lễ, hội tuyên dương 30 gương lao động.", ("2023-05-20", "2023-05-20")),
        ("Sáng 20/5/2023, chợ hoa mở cửa, giá vé không như năm 2022 mà còn 10.000 đồng.", ("2023-05-20", "2023-05-20")),
        ("Kẻ gian lấy của cửa hàng 2,5 tỷ đồng và 35.900 USD vào chiều 20/5/2023.", ("2023-05-20", "2023-05-20")),
        ("Thành phố còn 40 đơn vị nợ 3 tỷ đồng tiền thuê đất tính đến 20/5/2023.", ("2023-05-20", "2023-05-20")),
    ],
)
def test_the_date_that_governs(scope, text, period):
    assert scope(text)[0] == period


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh Quảng Ninh chi 30 tỷ đồng làm đường.",
        "Chi tăng so với năm 2022, đạt 30 tỷ đồng.",
        "Hội thành lập năm 2013 và góp 3 tỷ đồng.",
        "Chiều 29/5, ông Nam cho biết gia đình vay 2 tỷ đồng.",
        "Bà Lan (sinh năm 1974) nộp phạt 5 triệu đồng.",
        "Năm 2022, các cấp làm nhiều việc. Hiện nay, mỗi cụ nhận 500.000 đồng.",
        "Chị mong rằng, trong năm 2022, quỹ sẽ lớn hơn. Quỹ hiện góp 30 triệu đồng.",
        "Năm 2022, các cấp làm nhiều việc.\nĐồng chí Lê Văn Ba nói: Chúng tôi thu 3 tỷ đồng.",
        "Công ty mở thưởng ngày 21/7/2022. Tờ vé trúng thưởng trị giá 2 tỷ đồng.",
        "Năm 2002, ông bị kiểm điểm. Ông nộp lại 30 triệu đồng. Tháng 6/2010, ông nghỉ hưu.",
        "Đầu tháng 4/2023, kho bị cháy. Ngày 20/5/2023, chủ kho về quê. Bà con tới thăm. Ông kể kho có 8 tỷ đồng.",
        "Năm nay xã được mùa. Cách đây không lâu, giá mỗi tạ nhãn mới có 900.000 đồng.",
        "Theo Nghị định 46/2016/NĐ-CP ngày 26/5/2016, người lái xe bị phạt 2 triệu đồng.",
        "Ngày 20/5/2023, công an cho biết đã bắt ba người. Khám xét nơi ở, công an thu giữ 70 triệu đồng.",
        "Đêm 20/5/2023, công an bắt ba người. Họ quen nhau từ trước năm 2022. Khi bị bắt giữ, họ có 70 triệu đồng.",
        "Xã tính bán đấu giá khu đất 4 tỷ đồng sáng 20/5/2023.",
        "Sáng 20/5/2023, tỉnh họp mặt cựu binh.\nNăm xưa họ đi bộ đội. Tại buổi họp, ông Ba nói chợ thu 2 tỷ đồng.",
    ],
)
def test_dates_that_govern_nothing(scope, text):
    assert scope(text)[0] is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Xã Gio Hải, huyện Gio Linh (Quảng Trị) chi 3 tỷ đồng.", ["Quảng Trị", "Gio Linh", "Gio Hải"]),
        ("Công an quận Bình Thạnh, TP.HCM được thưởng 100 triệu đồng.", ["Hồ Chí Minh", "Bình Thạnh"]),
        ("Vay 20 tỷ đồng xây nhà tại thành phố Vinh, tỉnh Nghệ An.", ["Nghệ An", "Vinh"]),
        ("Huyện Kim Bôi, tỉnh Hòa Bình có sai phạm. Thiệt hại 48 triệu đồng.", ["Hòa Bình", "Kim Bôi"]),
    ],
)
def test_the_locality_that_governs(scope, text, unit):
    assert scope(text)[1] == unit


def test_where_a_person_of_a_case_lives_does_not_govern(scope):
    text = "Công an TP Vinh, tỉnh Nghệ An bắt Trần Văn Ba (trú xã Gio Hải, huyện Gio Linh, Quảng Trị), thu 3 tỷ đồng."
    assert scope(text)[1] == ["Nghệ An", "Vinh"]


@pytest.mark.parametrize(
    "text",
    [
        "Ban tổ chức trao quà tại Hà Nội. Sau 5 năm, cả nước đã xây dựng 2.000 mô hình dân vận khéo.",
        "Tỉnh Nghệ An có nhiều đoàn. Trên cả nước, các đoàn đã phạt 8 tỷ đồng.",
    ],
)
def test_the_whole_country_as_subject_has_no_unit(scope, text):
    assert scope(text)[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh Nghệ An họp bàn.\nChị Tư sang huyện Kim Bôi (Hòa Bình) xin việc. Chị góp 30 triệu đồng.",
        "Tỉnh Nghệ An họp bàn.\nỞ đây có công ty Phú Thịnh (huyện Nghi Lộc). Công ty Ba Sao nợ 30 triệu đồng.",
        "Tỉnh Nghệ An họp bàn\nTỉnh Nghệ An họp sáng nay.\nHuyện Kim Bôi (Hòa Bình) sang thăm. Đoàn góp 30 triệu đồng.",
        "Tỉnh Nghệ An họp bàn.\nHuyện Nghi Lộc còn thiếu cán bộ. Sáu tháng cuối năm, tỉnh bố trí 30 tỷ đồng.",
    ],
)
def test_places_that_do_not_reach_the_next_sentence(scope, text):
    assert scope(text)[1] == ["Nghệ An"]


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh Hà Tĩnh nhận 5 tỷ đồng, Quảng Bình 7 tỷ đồng và Quảng Trị 1 tỷ đồng. Đến nay, bộ đã cấp 46 tỷ đồng.",
        "Tuyến đường đi qua Hà Tĩnh, Quảng Bình và Quảng Trị, nối với cảng ở Nghệ An. Dự án cần 46 tỷ đồng.",
        "Đại biểu Lê Văn Ba (Hà Tĩnh) cho rằng dự án cần 46 tỷ đồng.",
        "Đại biểu Lê Văn Ba (Hà Tĩnh) nêu ý kiến. Khoản vay lên 46 tỷ đồng.",
        "Đoàn rời Thủ đô Hà Nội sang thăm nước bạn. Kim ngạch hai nước đạt 46 tỷ USD.",
    ],
)
def test_places_that_govern_nothing_of_the_country(scope, text):
    assert scope(text)[1] is None


def test_districts_told_together_leave_what_follows_to_the_home_unit(scope):
    text = (
        "Tỉnh Nghệ An kiểm tra thuốc giả\nTỉnh Nghệ An họp sáng nay.\n"
        "Đoàn đã tới huyện Nghi Lộc để hỏi chủ tiệm, huyện Đô Lương để xem kho, rồi tới huyện Yên Thành. "
        "Có người mua hết 2 triệu đồng."
    )
    assert scope(text)[1] == ["Nghệ An"]


def test_the_place_of_a_speaker_yields_to_a_more_exact_one(scope):
    text = "Đất ở xã Gio Hải, huyện Gio Linh, tỉnh Quảng Trị. Thanh tra tỉnh Quảng Trị cho biết đã thu 3 tỷ đồng."
    assert scope(text)[1] == ["Quảng Trị", "Gio Linh", "Gio Hải"]


def test_the_whole_country_has_no_unit(scope):
    text = "Tỉnh Nghệ An dự hội nghị. Biểu dương 377 điển hình tiên tiến toàn quốc."
    assert scope(text)[1] is None


def test_a_level_without_a_name_cuts_the_place(scope):
    text = "Huyện Kim Bôi, tỉnh Hòa Bình làm điểm. Đến nay, toàn tỉnh có 80 mô hình dân vận khéo."
    assert scope(text)[1] == ["Hòa Bình"]


def test_a_level_without_a_name_cuts_the_home_unit(read):
    text = (
        "Huyện Kim Bôi (Hòa Bình) họp bàn\nHuyện Kim Bôi họp sáng nay.\nĐến nay, toàn tỉnh có 80 mô hình dân vận khéo."
    )
    rows = read(text, "2023-06-15")
    assert rows["articles"][0].home_unit_path == ["Hòa Bình", "Kim Bôi"]
    assert rows["model_counts"][0].unit_path == ["Hòa Bình"]
    assert [(link.locality_start, link.unit_by) for link in rows["08_scope"]] == [(None, "home")]


def test_the_home_unit_stands_in(read):
    text = "Tỉnh Nghệ An tổng kết công tác dân vận\nHội nghị diễn ra sáng nay.\nCó 80 mô hình dân vận khéo."
    rows = read(text, "2023-06-15")
    (row,) = rows["model_counts"]
    assert row.unit_path == rows["articles"][0].home_unit_path == ["Nghệ An"]
    assert row.unit_code == rows["articles"][0].home_unit_code
    assert [(link.table, link.period_by, link.unit_by) for link in rows["08_scope"]] == [("model_counts", None, "home")]


def test_links_name_what_governs(read):
    rows = read("Năm 2022, tỉnh Quảng Ninh chi 30 tỷ đồng làm đường.", "2023-06-15")
    (link,) = rows["08_scope"]
    assert (link.date_start, link.period_by) == (rows["dates"][0].start, "sentence")
    assert (link.locality_start, link.unit_by) == (rows["localities"][0].start, "sentence")
    assert rows["money"][0].period_from == dt.date(2022, 1, 1)
