"""What a run over very many articles takes: `python -m benchmarks.scale --articles 50000000 --cores 64`.

Rates, sizes and memory come from `results/bench.json` (`make bench` writes it); what the driver of a Ray cluster keeps
of each article is measured here. Everything else is an assumption, printed with the result.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent

PART_ARTICLES = 20_000
"""Articles in a file of a table: a part that is lost costs a minute or two."""

DRIVER_SAMPLE = 200_000
"""Articles with which the driver's memory is measured."""


class Plan(NamedTuple):
    """A run: how many articles, on how many cores at how much an hour, and how busy the cores are kept."""

    articles: int
    cores: int
    price: float
    busy: float


def main() -> None:
    options = _options()
    if options.driver:
        print(_driver_peak(options.driver))
        return
    results = json.loads((options.results / "bench.json").read_text(encoding="utf-8"))
    plan = Plan(options.articles, options.cores, options.price, options.busy)
    print("\n".join(lines(results, plan, driver_bytes())))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000_000)
    parser.add_argument("--cores", type=int, default=64, help="cores of the cluster, like the one measured on")
    parser.add_argument("--price", type=float, default=0.04, help="price of a core for an hour, in any currency")
    parser.add_argument("--busy", type=float, default=0.85, help="share of the time that a core extracts")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="folder of bench.json")
    parser.add_argument("--driver", type=int, help=argparse.SUPPRESS)  # the process that is measured
    return parser.parse_args()


def driver_bytes() -> int:
    """Return the bytes that the driver of a Ray run keeps of an article, at its most."""
    command = [sys.executable, "-m", "benchmarks.scale", "--driver"]
    few, many = (
        int(subprocess.run([*command, str(number)], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
        for number in (1, DRIVER_SAMPLE)
    )
    return (many - few) // DRIVER_SAMPLE


def _driver_peak(count: int) -> int:
    """Do for `count` articles what the driver does with the reports of its workers; returns the peak of memory."""
    import numpy as np  # noqa: PLC0415 - only in the process that is measured

    from pipeline.duplicates import SIGNATURE_BYTES, DuplicateFinder  # noqa: PLC0415

    random = np.random.default_rng(0)
    finder = DuplicateFinder()
    seen = set()
    for number in range(count):
        seen.add(number.to_bytes(16, "big"))
        finder.add(f"article-{number:012}", random.bytes(SIGNATURE_BYTES), None)
    assert not finder.find()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def lines(results: dict[str, Any], plan: Plan, driver: int) -> list[str]:
    """Return the estimate as rows of a Markdown table, each figure with where it comes from."""
    one = results["runs"]["1"]
    milliseconds = one["cpu_milliseconds_an_article"]
    core_hours = plan.articles * milliseconds / 3_600_000
    hours = core_hours / plan.cores / plan.busy
    output = results["corpus"]["output_bytes_an_article"]
    worker = one["peak_megabytes"]["worker"]
    text = results["corpus"]["bytes_an_article"]
    files = math.ceil(plan.articles / PART_ARTICLES)
    return [
        f"| {plan.articles:,} articles of {results['corpus']['characters_an_article']:,} characters | | |",
        "| --- | --- | --- |",
        f"| work | {core_hours:,.0f} core hours | {milliseconds:.2f} ms of CPU an article, measured |",
        f"| time on {plan.cores} cores | {hours:,.1f} hours | cores busy {plan.busy:.0%} of the time, assumed |",
        f"| price | {plan.cores * hours * plan.price:,.0f} | {plan.price} for a core and hour, assumed |",
        f"| input, uncompressed | {plan.articles * text / 1e9:,.0f} GB | {text:,} bytes an article, measured |",
        f"| output with stages | {plan.articles * output / 1e9:,.0f} GB | {output:,} bytes an article, measured |",
        f"| memory of a worker | {worker:,} MB | measured on {results['corpus']['articles']:,} articles |",
        f"| memory of the driver | {plan.articles * driver / 1e9:,.0f} GB | {driver:,} bytes an article, measured on "
        f"{DRIVER_SAMPLE:,} |",
        f"| `--files` | {files:,} | {PART_ARTICLES:,} articles a file, chosen |",
    ]


if __name__ == "__main__":
    main()
