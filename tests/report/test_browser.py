"""The report in a real browser: escaping, search, stages, mentions, keyboard, themes, phone."""

from urllib.parse import quote

import pytest
from handmade_run import HOSTILE, NESTED


def open_article(page, article_id, mention=""):
    page.goto(f"{page.address}#/a/{quote(article_id, safe='')}{mention}")
    page.wait_for_selector("#text .body")


def body_text(page):
    return page.evaluate("[...document.querySelectorAll('#text .body p')].map((node) => node.textContent).join('\\n')")


@pytest.fixture
def nested(page):
    open_article(page, "nested")
    return page


def test_the_overview_shows_the_run(page):
    page.goto(page.address)
    shown = page.inner_text("#overview")
    assert "25 documents" in shown
    assert "Offices named most" in shown
    assert "<u>Trưởng thôn</u>" in shown
    assert "x.txt: empty <script>window.hacked=9</script>" in shown
    assert "5 m" in page.inner_text(".matrix >> nth=0")
    assert page.locator("#reader").is_hidden()


def test_a_hostile_article_is_shown_as_text(page):
    page.goto(f"{page.address}#/articles")
    page.locator("#entries a").first.click()
    page.wait_for_selector("#text .body")
    assert body_text(page) == HOSTILE
    assert page.inner_text("#text h1") == "</script><script>window.hacked=6</script>"
    assert "<script>window.hacked=8</script>" in page.inner_text(".about")
    assert "<s>Hòa Bình" in page.inner_text(".about")
    assert page.locator(".about a").count() == 0  # an address that is not http(s) is no link
    for kind in ("money", "officials", "dates"):
        page.locator(f"#text .k-{kind}").first.click()
    assert "<script>window.hacked=4</script>" in page.inner_text("#detail")
    page.locator("#text .k-money").click()
    assert "ủng hộ 5 triệu <i>đồng</i>" in page.inner_text("#detail")
    page.reload()
    page.wait_for_selector("#text .selected")
    assert page.inner_text("#detail blockquote") == "5 triệu đồng"


def test_no_article_becomes_markup(index):
    source = index.read_text(encoding="utf-8")
    assert "window.hacked = 1</script>" not in source
    assert "<img" not in source
    assert "\u2028" not in source


def test_nested_and_crossing_mentions_keep_the_text_and_their_spans(nested):
    assert body_text(nested).split("\n") == [line for line in NESTED.split("\n") if line]
    spans = nested.evaluate(
        """() => {
          const found = {};
          for (const node of document.querySelectorAll('#text [data-ref]')) {
            (found[node.dataset.ref] ||= []).push(node.textContent);
          }
          return found;
        }"""
    )
    assert "".join(spans["officials:0"]) == "Chủ tịch UBND huyện Kim Bôi"
    assert "".join(spans["localities:0"]) == "huyện Kim Bôi"
    assert "".join(spans["official_mentions:1"]) == "Bôi Đinh Thị Lụa"
    assert len(spans["official_mentions:1"]) > 1  # it crosses the office, so it is drawn in pieces
    assert spans["localities:1"] == ["Huyện Kim", "Bôi"]  # over a line break
    assert nested.locator(".k-officials .k-localities").first.inner_text().startswith("huyện")


def test_a_click_on_a_mention_shows_its_row_rule_and_resolution(nested):
    nested.locator("#text .k-money").click()
    detail = nested.inner_text("#detail")
    assert "5\u2009000\u2009000" in detail
    assert "A number and a unit of money." in detail
    assert "rules/money.yaml:2" in detail
    assert "5 triệu lượt </script> khách" in detail
    assert "when: Sáng 3/2 (sentence)" in detail
    assert nested.locator("#text .k-dates.related").count() == 1
    nested.locator("#text .k-localities").first.click(position={"x": 5, "y": 8})
    assert "14950" in nested.inner_text("#detail")  # a code is no number
    nested.locator("#text .k-money").click()
    nested.locator("#detail .jump.k-dates").click()
    detail = nested.inner_text("#detail")
    assert "The missing parts come from the day of publication, 2023-02-04." in detail
    assert "nearest to the day of publication" in detail
    assert "a ratio" in detail
    nested.keyboard.press("Escape")
    assert "Select a mention" in nested.inner_text("#detail")


def test_a_click_finds_the_innermost_mention_and_lists_the_others(nested):
    nested.locator(".k-officials .k-localities").first.click(position={"x": 5, "y": 8})
    assert nested.inner_text("#detail blockquote") == "huyện Kim Bôi"
    nested.locator("#detail .jump.k-officials").first.click()
    assert nested.inner_text("#detail blockquote") == "Chủ tịch UBND huyện Kim Bôi"
    assert "Đinh Thị Lụa" in nested.inner_text("#detail")


@pytest.mark.parametrize(
    ("table", "sign"),
    [
        ("dates", "#text .k-dates"), ("localities", "#text .k-localities"), ("officials", "#text .k-officials"),
        ("official_mentions", "#text .k-official_mentions"), ("money", "#text .k-money"), ("08_scope", "#text .link"),
        ("01_layout", "#text .parts"), ("02_sentences", "#text .k-02_sentences"), ("dropped", "#text .k-dropped"),
    ],
)  # fmt: skip
def test_every_stage_switches_on_and_off(nested, table, sign):
    switch = nested.locator(f"[data-layer='{table}']")
    before = nested.locator(sign).count()
    switch.click()
    assert bool(nested.locator(sign).count()) is not bool(before)
    assert body_text(nested).split("\n") == [line for line in NESTED.split("\n") if line]
    switch.click()
    assert nested.locator(sign).count() == before


def test_a_link_leads_to_what_governs_the_amount(nested):
    nested.locator("[data-layer='08_scope']").click()
    nested.locator("#text .link.k-localities").click()
    assert nested.inner_text("#detail blockquote") == "huyện Kim Bôi"


def test_search_ignores_case_and_diacritics(page):
    page.goto(f"{page.address}#/articles")
    page.wait_for_selector("#entries li:nth-child(25)")
    for query, expected in (("NGAY HOI", ["nested"]), ("dinh thi lua", ["nested"]), ("PLAIN-1", 10), ("<script", 1)):
        page.fill("#search", query)
        hrefs = page.eval_on_selector_all("#entries a", "nodes => nodes.map((node) => node.getAttribute('href'))")
        assert len(hrefs) == (expected if isinstance(expected, int) else 1), query
        assert not isinstance(expected, list) or hrefs == ["#/a/nested"]
    page.keyboard.press("Escape")
    assert page.inner_text("#found") == "25 articles"


def test_articles_beside_the_page_are_loaded_when_asked_for(page):
    open_article(page, "plain-22")
    assert body_text(page) == "Bản tin số 22: xã Mường So họp."
    open_article(page, "plain-09")
    page.wait_for_function("document.querySelector('#text h1').textContent === 'Bản tin số 9'")


def test_a_missing_file_says_what_to_do(page, index):
    hidden = index.parent / "pages.away"
    (index.parent / "pages").rename(hidden)
    try:
        page.goto(f"{page.address}#/a/plain-01")
        page.wait_for_selector("[role=alert]")
        assert "copy the folder pages along" in page.inner_text("[role=alert]")
    finally:
        hidden.rename(index.parent / "pages")
    page.faults.clear()  # the browser names the missing file, as it should


def test_the_keyboard_goes_everywhere(page):
    page.goto(page.address)
    page.wait_for_function("document.querySelectorAll('#entries li').length === 25")
    page.keyboard.press("/")
    page.keyboard.type("kim boi")
    page.keyboard.press("Enter")
    page.wait_for_selector("#text .body")
    page.keyboard.press("j")
    assert page.inner_text("#detail blockquote") == "Sáng 3/2"
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.inner_text("#detail blockquote") == "Sáng 3/2"
    page.keyboard.press("1")
    assert page.locator("#text .k-dates").count() == 0
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_selector("#overview", state="visible")


def test_previous_and_next(page):
    open_article(page, "nested")
    page.locator("#next").click()
    page.wait_for_function("document.querySelector('#text h1').textContent === 'Bản tin số 0'")
    page.keyboard.press("p")
    page.wait_for_function("document.querySelector('#text h1').textContent.startsWith('Ngày hội')")
    page.locator("#previous").click()
    page.wait_for_selector("#previous:disabled")


def contrast(page, selector):
    """Return the contrast of a text with its background, both taken from the computed style."""
    return page.evaluate(
        """(selector) => {
          const light = (color) => {
            const [r, g, b] = color.match(/[\\d.]+/g).map((n) => n / 255)
              .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const node = document.querySelector(selector);
          let box = node;
          while (!/^rgb\\(/.test(getComputedStyle(box).backgroundColor)) box = box.parentElement;
          const colours = [getComputedStyle(node).color, getComputedStyle(box).backgroundColor];
          const pair = colours.map(light).sort((a, b) => b - a);
          return (pair[0] + 0.05) / (pair[1] + 0.05);
        }""",
        selector,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_are_legible(page, scheme):
    page.emulate_media(color_scheme=scheme)
    open_article(page, "nested", "/money/68")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    page.locator("#text .k-money").click()
    for selector in (".body p", ".about", "#detail .chip", "#detail dt", ".switch", "#found", "#entries .meta"):
        assert contrast(page, selector) >= 4.5, selector


def test_the_theme_can_be_chosen(page):
    page.goto(page.address)
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator("#theme").click()
    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert before != after
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == after


def test_a_phone_shows_one_thing_at_a_time(page):
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("", "#/articles", "#/a/nested"):
        page.goto(page.address + address)
        page.wait_for_function("document.querySelectorAll('#entries li').length === 25")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    page.wait_for_selector("#text .body")
    assert page.locator("#list").is_hidden()
    page.locator("#text .k-money").click()
    sheet = page.locator("#detail").bounding_box()
    mention = page.locator("#text .k-money").bounding_box()
    assert sheet["y"] + sheet["height"] <= 741
    assert mention["y"] + mention["height"] <= sheet["y"]
    page.locator("#detail .close").click()
    page.locator(".back").click()
    page.wait_for_selector("#list", state="visible")
