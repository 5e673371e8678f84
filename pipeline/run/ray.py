"""The same batches on a Ray cluster: input and output on any filesystem, parts of tables instead of single files.

The input becomes a dataset of documents in their order, cut into as many parts as files are wanted. A worker takes a
part, extracts it batch by batch and writes its tables into a folder of this run; it hands back a short report. A worker
that dies has its part done again under another name; only parts whose report arrived are published, so the rows are
those of the local engine, each once. What needs the whole run (ids read before, duplicates) is settled from the
reports; parts that it concerns are rewritten. Then the parts are moved into place, `run.json` last.
"""

from __future__ import annotations

import hashlib
import json
import logging
import pickle
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from pipeline import readers
from pipeline.columns import leave_pandas_out
from pipeline.duplicates import DuplicateFinder
from pipeline.extractor import Extractor, default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.readers import Rejected, Source
from pipeline.run import Summary
from pipeline.run.batch import BATCH_DOCUMENTS
from pipeline.run.identity import code_hash, rules_hash, versions
from pipeline.store.assembly import Written
from pipeline.store.state import StoreError
from pipeline.tables import REJECTS, STAGE_TABLES, TABLES

try:
    import ray
except ImportError as missing:
    raise StoreError("--engine ray needs Ray; install it with: pip install 'vifacts[ray]'") from missing

_BLOCK: Final = 256
"""Documents in a block of the input."""

_NAMES: Final = (*TABLES, *STAGE_TABLES)


@dataclass(frozen=True)
class Cluster:
    """How a run on Ray is done.

    Attributes:
        workers: Processes that extract.
        files: Parts that each table is written in.
        address: The cluster; None starts one on this machine.
        rules: Folder of rule files laid over the shipped ones; every machine must have it.
        inputs: Names of the input, for the manifest.
    """

    workers: int
    files: int = 16
    address: str | None = None
    rules: Path | None = None
    inputs: tuple[str, ...] = ()


class Part(NamedTuple):
    """The report of a worker on one part of the input."""

    name: str
    rows: dict[str, int]
    read: int
    rejects: list[Rejected]
    articles: pa.Table
    """`article_id`, `published_on` and `signature` of each article."""
    seconds: dict[str, float]


def extract_on_ray(inputs: Iterable[str], out: str, reading: readers.Options, cluster: Cluster) -> Summary:
    """Extract documents into tables under `out`, a folder or a URI of a filesystem; returns what was done.

    Args:
        inputs: Files, folders and globs of this machine, or URIs of Parquet and JSON Lines that the workers can read.
        out: Where the tables go: a folder for each, `part-00000.parquet` … in it.
        reading: How to read.
        cluster: Where to run.

    Raises:
        StoreError: If Ray cannot be reached, a part fails for good, or `out` cannot be written.
    """
    begun = time.perf_counter()
    _connect(cluster)
    out = out if "://" in out else str(Path(out).absolute())
    run = f"{out}/.ray-{uuid.uuid4().hex}"
    files, folder = filesystem(run)
    try:
        parts = _extract_parts(inputs, run, reading, cluster)
        summary = Summary(read=sum(part.read for part in parts))
        summary.rejects = [reject for part in parts for reject in part.rejects]
        if not summary.read:
            return summary
        repeated, duplicates = _across_parts(parts)
        summary.rejects += [reject for _, found in repeated.values() for reject in found]
        summary.duplicates = len(duplicates)
        _amend(parts, run, {name: ids for name, (ids, _) in repeated.items()}, duplicates)
        for stage, seconds in (item for part in parts for item in part.seconds.items()):
            summary.seconds[stage] += seconds
        summary.seconds["total"] = time.perf_counter() - begun
        rows = {name: sum(part.rows[name] for part in parts) for name in _NAMES} | {"rejects": len(summary.rejects)}
        summary.tables = {name: Written(count, 0, "") for name, count in rows.items()}
        _publish(parts, summary, _manifest(parts, summary, cluster), run, out)
    except (ray.exceptions.RayError, OSError) as error:
        raise StoreError(f"{out}: the run on Ray failed: {str(error).splitlines()[0]}") from error
    finally:
        if files.get_file_info(folder).type != pafs.FileType.NotFound:
            files.delete_dir(folder)
    return summary


def filesystem(uri: str) -> tuple[pafs.FileSystem, str]:
    """Return the filesystem of a folder or URI, and the path in it: Arrow's own where it has one, else fsspec's."""
    if "://" not in uri:
        return pafs.LocalFileSystem(), uri
    try:
        found: tuple[pafs.FileSystem, str] = pafs.FileSystem.from_uri(uri)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with Ray

        known, path = fsspec.core.url_to_fs(uri)
        return pafs.PyFileSystem(pafs.FSSpecHandler(known)), path
    return found


def _connect(cluster: Cluster) -> None:
    for name in ("ray.data", "ray.data._internal.progress"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if ray.is_initialized():
        return
    try:
        if cluster.address:
            ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
        else:
            ray.init(
                num_cpus=cluster.workers, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise StoreError(f"no Ray cluster at {cluster.address or 'this machine'}: {error}") from error
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True  # part n of the output is part n of the input
    context.enable_progress_bars = False


def _extract_parts(inputs: Iterable[str], run: str, reading: readers.Options, cluster: Cluster) -> list[Part]:
    datasets = [_remote(uri, reading) for uri in inputs if "://" in uri]
    local = [name for name in inputs if "://" not in name]
    if local:
        datasets.insert(0, ray.data.from_arrow(list(_blocks(readers.read(local, reading)))))
    dataset = datasets[0].union(*datasets[1:]) if len(datasets) > 1 else datasets[0]
    reports = dataset.repartition(cluster.files).map_batches(
        write_part,
        fn_kwargs={"run": run, "rules": cluster.rules},
        batch_size=None,
        batch_format="pyarrow",
        compute=ray.data.TaskPoolStrategy(size=cluster.workers),
    )
    parts: list[Part] = [pickle.loads(row["report"]) for row in reports.iter_rows()]  # noqa: S301 - of our own workers
    return parts


def _remote(uri: str, reading: readers.Options) -> Any:
    read = ray.data.read_parquet if uri.endswith(".parquet") else ray.data.read_json
    to_items = partial(_items_of_records, uri=uri, reading=reading)
    return read(uri).map_batches(to_items, batch_format="pyarrow")


def _items_of_records(table: pa.Table, uri: str, reading: readers.Options) -> pa.Table:
    from pipeline.readers.records import from_record  # noqa: PLC0415 - in the worker

    return _block([from_record(record, uri, reading) for record in table.to_pylist()])


def _blocks(items: Iterator[Source | Rejected]) -> Iterator[pa.Table]:
    yield _block(list(islice(items, _BLOCK)))
    while found := list(islice(items, _BLOCK)):
        yield _block(found)


def _block(items: list[Source | Rejected]) -> pa.Table:
    return pa.table({"item": pa.array([pickle.dumps(item) for item in items], pa.binary())})


@cache
def _extractor(rules: Path | None) -> Extractor:
    """Return the prepared stages: once in each worker process."""
    leave_pandas_out()
    return Extractor(overlay=rules)


def write_part(block: pa.Table, run: str, rules: Path | None) -> pa.Table:
    """Extract a part of the input and write its tables under a name of their own; returns its report."""
    name = uuid.uuid4().hex
    files, folder = filesystem(run)
    writers = {table: _writer(files, f"{folder}/{table}", name, table) for table in _NAMES}
    items = [pickle.loads(item.as_py()) for item in block["item"]]  # noqa: S301 - of our own driver
    part = Part(name, dict.fromkeys(_NAMES, 0), 0, [], _no_articles(), {})
    for at in range(0, len(items), BATCH_DOCUMENTS):
        part = _add(part, _extractor(rules), items[at : at + BATCH_DOCUMENTS], writers)
    for writer in writers.values():
        writer.close()
    return pa.table({"report": pa.array([pickle.dumps(part)], pa.binary())})


def _add(part: Part, extractor: Extractor, items: list[Source | Rejected], writers: dict[str, Any]) -> Part:
    sources = [item for item in items if isinstance(item, Source)]
    rejects = [item for item in items if isinstance(item, Rejected)]
    extracted = extractor.extract_batch(sources)
    for name, table in extracted.tables.items():
        if table.num_rows:
            writers[name].write_table(table)
        part.rows[name] += table.num_rows
    for failure in extracted.failures:
        source = sources[failure.position]
        detail = f"{source.source}: {failure.message}"
        rejects.append(Rejected(source.source, "failed", detail, source.article_id))
    for stage, seconds in extracted.seconds.items():
        part.seconds[stage] = part.seconds.get(stage, 0.0) + seconds
    return part._replace(
        read=part.read + len(sources),
        rejects=part.rejects + rejects,
        articles=pa.concat_tables([part.articles, extracted.signatures]),
    )


def _no_articles() -> pa.Table:
    kinds = {"article_id": pa.string(), "published_on": pa.date32(), "signature": pa.binary()}
    return pa.schema(list(kinds.items())).empty_table()


def _writer(files: pafs.FileSystem, folder: str, name: str, table: str) -> pq.ParquetWriter:
    files.create_dir(folder, recursive=True)
    schema = (TABLES | STAGE_TABLES)[table].schema
    return pq.ParquetWriter(f"{folder}/{name}.parquet", schema, filesystem=files, compression="zstd")


def _across_parts(parts: list[Part]) -> tuple[dict[str, tuple[set[str], list[Rejected]]], dict[str, str]]:
    """Return part → ids in it that an earlier part had (with their rejects), and article_id → what it repeats."""
    seen: set[bytes] = set()
    finder = DuplicateFinder()
    repeated: dict[str, tuple[set[str], list[Rejected]]] = {}
    for part in parts:
        for article_id, published_on, signature in zip(*part.articles.to_pydict().values(), strict=True):
            digest = hashlib.blake2b(article_id.encode(), digest_size=16).digest()
            if digest in seen:
                ids, rejects = repeated.setdefault(part.name, (set(), []))
                ids.add(article_id)
                detail = f"id {article_id!r} was read before; give each document its own"
                rejects.append(Rejected("", "repeated_id", detail, article_id))
            else:
                seen.add(digest)
                finder.add(article_id, signature, published_on)
    return repeated, finder.find()


def _amend(parts: list[Part], run: str, repeated: dict[str, set[str]], duplicates: dict[str, str]) -> None:
    """Rewrite the parts that hold repeated ids or duplicates, on the cluster."""
    amend: Any = ray.remote(amend_part)
    tasks = []
    for at, part in enumerate(parts):
        known = {key: duplicates[key] for key in part.articles["article_id"].to_pylist() if key in duplicates}
        ids = repeated.get(part.name, set())
        if known or ids:
            tasks.append((at, amend.remote(run, part.name, known, ids)))
    for at, task in tasks:
        parts[at].rows.update(ray.get(task))


def amend_part(run: str, name: str, duplicates: dict[str, str], ids: set[str]) -> dict[str, int]:
    """Fill `duplicate_of` in a part, and leave out the rows of `ids`; returns table → rows now, of those rewritten."""
    files, folder = filesystem(run)
    rows = {}
    for table in _NAMES if ids else ("articles",):
        path = f"{folder}/{table}/{name}.parquet"
        found = pq.read_table(path, filesystem=files, partitioning=None)
        if ids:
            found = found.filter(pc.invert(pc.is_in(found["article_id"], pa.array(sorted(ids), pa.string()))))
        if table == "articles":
            at = found.schema.get_field_index("duplicate_of")
            values = [duplicates.get(key) for key in found["article_id"].to_pylist()]
            found = found.set_column(at, found.schema.field(at), pa.array(values, pa.string()))
        pq.write_table(found, f"{path}.new", filesystem=files, compression="zstd")
        files.move(f"{path}.new", path)
        rows[table] = found.num_rows
    return rows


def _manifest(parts: list[Part], summary: Summary, cluster: Cluster) -> dict[str, Any]:
    files = {
        f"{_place(name)}/{_file(at)}": {"rows": part.rows[name]} for name in _NAMES for at, part in enumerate(parts)
    }
    return {
        "versions": versions() | {"ray": ray.__version__},
        "rules_sha256": rules_hash(RuleBook(default_rules(), cluster.rules)),
        "code_sha256": code_hash(),
        "inputs": list(cluster.inputs),
        "engine": "ray",
        "workers": cluster.workers,
        "documents": {"read": summary.read, "duplicates": summary.duplicates},
        "rejects": summary.reasons,
        "rows": {name: written.rows for name, written in summary.tables.items()},
        "seconds": {stage: round(seconds, 3) for stage, seconds in summary.seconds.items()},
        "files": files | {"rejects.parquet": {"rows": len(summary.rejects)}},
    }


def _place(table: str) -> str:
    return f"stages/{table}" if table in STAGE_TABLES else table


def _file(number: int) -> str:
    return f"part-{number:05d}.parquet"


def _publish(parts: list[Part], summary: Summary, manifest: dict[str, Any], run: str, out: str) -> None:
    """Move the parts into place, table by table, the manifest last."""
    files, source = filesystem(run)
    _, target = filesystem(out)
    for name in [*map(_place, _NAMES), "run.json"]:
        for old in (f"{target}/{name}", f"{target}/{name}.parquet"):
            kind = files.get_file_info(old).type
            if kind == pafs.FileType.Directory:
                files.delete_dir(old)
            elif kind == pafs.FileType.File:
                files.delete_file(old)
    for name in _NAMES:
        files.create_dir(f"{target}/{_place(name)}", recursive=True)
        for number, part in enumerate(parts):
            files.move(f"{source}/{name}/{part.name}.parquet", f"{target}/{_place(name)}/{_file(number)}")
    table = pa.Table.from_pylist([asdict(reject) for reject in summary.rejects], schema=REJECTS)
    pq.write_table(table, f"{target}/rejects.parquet", filesystem=files, compression="zstd")
    with files.open_output_stream(f"{target}/run.json") as stream:
        stream.write((json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
