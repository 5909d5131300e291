"""Postflow: pooled drug-seizure data as trends, flows and evidence."""

__version__ = "0.1.0"
