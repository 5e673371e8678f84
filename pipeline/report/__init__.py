"""The report: a folder that opens in a browser from the disk and shows a run, article by article."""

from pipeline.report.write import SAMPLE, write_report

__all__ = ["SAMPLE", "write_report"]
