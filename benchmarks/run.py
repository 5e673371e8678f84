"""`make bench`: measure, print a table, write `results/bench.json` and `results/bench.svg`.

Every figure is taken in the same run on the same machine, so the ratios hold where the seconds do not. A run of the
pipeline is a process of its own (`vifacts extract`), its memory and CPU time as the kernel counts them. What is set
against each other is measured in turn, round after round, and of each the round with the least CPU time counts: what
else the machine does comes and goes within minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import corpus, floor, others, plot
from pipeline.readers import Source

HERE = Path(__file__).parent
ROOT = HERE.parent


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="vifacts-bench-") as folder:
        results = measure(options, Path(folder))
    options.results.mkdir(parents=True, exist_ok=True)
    path = options.results / "bench.json"
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    plot.draw(results, options.results / "bench.svg")
    print("\n".join(table(results)))
    print(f"\n{path} and bench.svg written")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*", default=[str(ROOT / "data" / "raw")], help="files and folders")
    parser.add_argument("--articles", type=int, default=2000, help="articles to run the pipeline on")
    parser.add_argument("--sample", type=int, default=60, help="articles to run the slow comparisons on")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the best round counts")
    parser.add_argument(
        "--flat", type=int, nargs="*", default=[], help="also at these numbers of articles: 2000 150000"
    )
    parser.add_argument("--results", type=Path, default=HERE / "results", help="folder for the results")
    return parser.parse_args()


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Return all results; rates are articles a second."""
    articles = corpus.load(options.corpus)
    path = folder / "corpus.jsonl"
    count = corpus.write_jsonl(corpus.multiplied(articles, options.articles), path)
    sample = list(corpus.multiplied(articles, min(count, options.sample)))
    characters = sum(len(article.text) for article in corpus.multiplied(articles, count)) / count
    size = sum(len(article.text.encode()) for article in corpus.multiplied(articles, count)) / count
    sample_characters = sum(len(article.text) for article in sample) / len(sample)
    rounds = [
        _round(path, folder / f"round{at}", sample, characters / sample_characters) for at in range(options.rounds)
    ]
    best = {name: min((one[name] for one in rounds), key=_cpu_time) for name in rounds[0]}
    runs = {workers: best.pop(workers) for workers in ("1", "2")}
    results: dict[str, Any] = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
        "corpus": {
            "names": options.corpus,
            "articles": count,
            "characters_an_article": round(characters),
            "bytes_an_article": round(size),
            "output_bytes_an_article": output_bytes(articles, folder),
        },
        "start_up_seconds": start_up(folder),
        "runs": runs,
        "rounds": options.rounds,
        "floor": best.pop("floor"),
        "others": best,
        "flat": [],
    }
    for number in options.flat:
        many = folder / "many.jsonl"
        corpus.write_jsonl(corpus.multiplied(articles, number), many)
        results["flat"].append({"articles": number} | extract(many, folder / "many", workers=2))
        shutil.rmtree(folder / "many")
    results["ratios"] = ratios(results)
    return results


def _round(path: Path, out: Path, sample: list[Source], scale: float) -> dict[str, dict[str, Any]]:
    """Return one measurement of everything that is compared: runs by number of processes, floor, alternatives."""
    runs = {str(workers): extract(path, out / str(workers), workers) for workers in (1, 2)}
    found = runs | {"floor": floor.measure(path, out / "floor")} | others.measure(sample, scale)
    shutil.rmtree(out)
    return found


def _cpu_time(measured: dict[str, Any]) -> float:
    return float(measured["cpu_milliseconds_an_article"])


def extract(path: Path, out: Path, workers: int) -> dict[str, Any]:
    """Run the command on a corpus; returns rates, seconds per stage and memory."""
    command = [sys.executable, "-m", "pipeline", "extract", str(path), "--out", str(out), "--workers", str(workers)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    elapsed = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    articles = manifest["documents"]["extracted"]
    seconds = manifest["seconds"]
    return {
        "articles_a_second": round(articles / elapsed, 1),
        "articles_a_second_and_core": round(articles / cpu, 1),
        "milliseconds_an_article": round(1000 * elapsed / articles, 3),
        "cpu_milliseconds_an_article": round(1000 * cpu / articles, 3),
        "stage_milliseconds_an_article": {
            stage: round(1000 * value / articles, 3) for stage, value in seconds.items() if stage != "total"
        },
        "peak_megabytes": {name: size // 2**20 for name, size in manifest["peak_memory_bytes"].items()},
        "output_bytes_an_article": round(sum(file.get("bytes", 0) for file in manifest["files"].values()) / articles),
        "state_bytes_an_article": round(_size(out / ".state") / articles),
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def output_bytes(articles: list[Source], folder: Path) -> int:
    """Return what one more article adds to the tables, stages included; a copy of one would add next to nothing.

    Measured as the difference between all articles, each once, and the first of them alone.
    """
    sizes = []
    for name, some in (("each", articles), ("first", articles[:1])):
        corpus.write_jsonl(iter(some), folder / f"{name}.jsonl")
        extract(folder / f"{name}.jsonl", folder / name, workers=1)
        sizes.append(sum(path.stat().st_size for path in (folder / name).rglob("*.parquet")))
    return round((sizes[0] - sizes[1]) / max(1, len(articles) - 1))


def start_up(folder: Path) -> float:
    """Return the seconds that the command takes on one short text, the best of three.

    Python may keep the compiled modules, as it does unless it is told not to: the first of the three compiles them.
    """
    cached = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    (folder / "one.txt").write_text("Sáng 20/9, tại xã Bình Lãnh, UBND huyện họp.", encoding="utf-8")
    best = []
    for number in range(3):
        begun = time.perf_counter()
        command = [sys.executable, "-m", "pipeline", "extract", str(folder / "one.txt"), "--workers", "1"]
        out = ["--out", str(folder / f"one{number}")]
        subprocess.run(command + out, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=cached)
        best.append(time.perf_counter() - begun)
    return round(min(best), 2)


def ratios(results: dict[str, Any]) -> dict[str, float]:
    """Return how many times faster one process is than each alternative, and two than one."""
    one, two = (results["runs"][workers] for workers in ("1", "2"))
    found = {
        f"{name} / extraction, CPU time": round(
            item["cpu_milliseconds_an_article"] / one["cpu_milliseconds_an_article"], 1
        )
        for name, item in results["others"].items()
    }
    found["extraction / floor, CPU time"] = round(
        one["cpu_milliseconds_an_article"] / results["floor"]["cpu_milliseconds_an_article"], 1
    )
    found["two processes / one, rate"] = round(two["articles_a_second"] / one["articles_a_second"], 2)
    if len(results["flat"]) > 1:
        first, last = results["flat"][0], results["flat"][-1]
        name = f"time an article, {last['articles']:,} / {first['articles']:,}"
        found[name] = round(last["milliseconds_an_article"] / first["milliseconds_an_article"], 2)
    return found


def table(results: dict[str, Any]) -> list[str]:
    """Return the results as lines of text."""
    corpus_of = results["corpus"]
    lines = [
        f"{corpus_of['articles']:,} articles of {corpus_of['characters_an_article']:,} characters, "
        f"{results['machine']['cores']} cores; start-up {results['start_up_seconds']} s",
        "",
        f"{'':34}{'articles/s':>12}{'ms/article':>12}{'CPU ms':>10}{'peak MB':>16}",
    ]
    for workers, run in results["runs"].items():
        memory = " + ".join(str(size) for size in run["peak_megabytes"].values())
        lines.append(_row(f"extract --workers {workers}", run, memory))
    lines += [_row(f"  at {run['articles']:,} articles", run, str(run["peak_megabytes"])) for run in results["flat"]]
    lines.append(_row("floor: read and write, no rows", results["floor"]))
    lines += [_row(name, item) for name, item in results["others"].items()]
    lines += ["", "milliseconds an article per stage (one process):"]
    stages = results["runs"]["1"]["stage_milliseconds_an_article"]
    lines += [f"  {stage:<16}{value:>8.3f}" for stage, value in stages.items()]
    lines += ["", "ratios:", *(f"  {name:<48}{value:>8}" for name, value in results["ratios"].items())]
    return lines


def _row(name: str, item: dict[str, Any], memory: str = "") -> str:
    return (
        f"{name:34}{item['articles_a_second']:>12,.1f}{item['milliseconds_an_article']:>12.2f}"
        f"{item['cpu_milliseconds_an_article']:>10.2f}{memory:>16}"
    )


if __name__ == "__main__":
    main()
