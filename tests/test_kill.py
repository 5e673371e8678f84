"""Runs that are killed at random moments: nothing is lost, nothing is half-written, the next run goes on."""

import hashlib
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import pipeline.run
import pipeline.run.batch
from pipeline.run import Options, extract_to
from tests.runs import articles, hashes, manifest

KILLS = 25
FORK = multiprocessing.get_context("fork")


def versions_of_the_input():
    """Two inputs that share most documents, so that every run finds old work and new."""
    first = articles(60)
    return [first, first[:56] + articles(12, first=500)]


def start(found, out, extractor):
    process = FORK.Process(target=extract_to, args=(found, out, extractor, Options(workers=2)))
    process.start()
    return process


def check_usable(out):
    """Every table that is there is whole; with a manifest, all tables are of its run."""
    for path in out.rglob("*.parquet"):
        if ".state" not in path.parts:
            pq.read_table(path)
    if (out / "run.json").exists():
        for name, entry in manifest(out)["files"].items():
            assert hashlib.sha256((out / name).read_bytes()).hexdigest() == entry["sha256"]


def test_25_kills_at_random_moments_change_no_byte(extractor, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.run.batch, "BATCH_DOCUMENTS", 6)
    chance = random.Random(20)
    inputs = versions_of_the_input()
    wanted, longest = [], 0.0
    for number, found in enumerate(inputs):
        begun = time.perf_counter()
        extract_to(found, tmp_path / f"calm{number}", extractor, Options(workers=2))
        longest = max(longest, time.perf_counter() - begun)
        wanted.append(hashes(tmp_path / f"calm{number}"))

    out = tmp_path / "out"
    kills = runs = 0
    while kills < KILLS:
        which = runs % 2
        finished = False
        while not finished:
            process = start(inputs[which], out, extractor)
            process.join(chance.uniform(0, longest * 0.9) if kills < KILLS else None)
            if process.exitcode is None:
                process.kill()
                kills += 1
            process.join()
            finished = process.exitcode == 0
            assert process.exitcode in (0, -signal.SIGKILL)
            check_usable(out)
        assert hashes(out) == wanted[which]
        runs += 1
    assert {path.name for path in (out / ".state").iterdir()} <= {
        "lock",
        "segments",
        "state.db",
        "state.db-wal",
        "state.db-shm",
    }


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_killed_around_publishing(extractor, tmp_path, moment):
    """The moments that chance seldom finds: tables assembled, being moved, moved."""
    first, second = versions_of_the_input()
    extract_to(second, tmp_path / "calm", extractor, Options(workers=0))
    extract_to(first, tmp_path / "out", extractor, Options(workers=0))

    def killed_there():
        def die(*_):
            os.kill(os.getpid(), 9)

        if moment == "before":
            pipeline.run.publish = die
        elif moment == "after":
            pipeline.run.State.prune = die
        else:
            replace, moves = Path.replace, iter(range(4))
            Path.replace = lambda path, target: replace(path, target) if next(moves, None) is not None else die()
        extract_to(second, tmp_path / "out", extractor, Options(workers=0))

    process = FORK.Process(target=killed_there)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    check_usable(tmp_path / "out")
    summary = extract_to(second, tmp_path / "out", extractor, Options(workers=0))
    assert summary.reused == len(second)
    assert hashes(tmp_path / "out") == hashes(tmp_path / "calm")


def test_workers_end_with_their_parent(extractor, tmp_path):
    process = start(articles(100), tmp_path, extractor)
    children = []
    while not children and process.is_alive():
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.join()
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up and any(alive(pid) for pid in children):
        time.sleep(0.05)
    assert children
    assert not any(alive(pid) for pid in children)


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
