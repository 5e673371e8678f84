"""vifacts: dates, officials, localities, model counts and money out of Vietnamese public-affairs news."""

__version__ = "0.1.0"
