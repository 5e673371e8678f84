"""Where a run's results live: finished work, kept by content under `.state`, and the tables published from it.

A run never writes over published tables. Finished batches go to segments (`segment`) that a small database
(`state`) finds again by the content of each document, so the next run, after a kill or over changed input,
goes on from what was finished. When every document is done the tables are assembled (`assembly`) beside the
published ones and moved into place file by file (`publish`).
"""

from pipeline.store.lock import FolderLock
from pipeline.store.publish import publish, roll_forward
from pipeline.store.state import Item, State, StoreError

__all__ = ["FolderLock", "Item", "State", "StoreError", "publish", "roll_forward"]
