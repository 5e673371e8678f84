"""The estimate for very many articles is plain arithmetic on what was measured."""

from benchmarks.scale import Plan, lines

RESULTS = {
    "corpus": {
        "articles": 100,
        "characters_an_article": 3000,
        "bytes_an_article": 4000,
        "output_bytes_an_article": 6000,
    },
    "runs": {"1": {"cpu_milliseconds_an_article": 7.2, "peak_megabytes": {"worker": 150}}},
}

PLAN = Plan(articles=50_000_000, cores=10, price=0.04, busy=0.5)


def test_an_estimate_follows_from_rates_sizes_and_the_plan():
    table = {row.split("|")[1].strip(): row.split("|")[2].strip() for row in lines(RESULTS, PLAN, driver=500)}
    assert table["work"] == "100 core hours"
    assert table["time on 10 cores"] == "20.0 hours"
    assert table["price"] == "8"
    assert table["input, uncompressed"] == "200 GB"
    assert table["output with stages"] == "300 GB"
    assert table["memory of a worker"] == "150 MB"
    assert table["memory of the driver"] == "25 GB"
    assert table["`--files`"] == "2,500"
