"""The commands, one file each; `pipeline.cli` lists them. Heavy imports stand inside the functions that need them."""
