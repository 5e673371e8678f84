"""Run `explore.ipynb` on the output of `make extract` and keep its outputs: `python notebooks/refresh.py [OUT]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).with_name("explore.ipynb")


def execute(out: Path) -> nbformat.NotebookNode:
    """Return the notebook with the outputs that it has for the run in `out`, without times of execution."""
    os.environ["VIFACTS_OUT"] = str(out.resolve())
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder, record_timing=False).execute()
    notebook.metadata.pop("language_info", None)  # it names the Python version
    return notebook


if __name__ == "__main__":
    nbformat.write(execute(Path(sys.argv[1] if len(sys.argv) > 1 else "data/out")), NOTEBOOK)
