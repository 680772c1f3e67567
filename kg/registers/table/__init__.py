"""Tables without Python: a YAML mapping beside a CSV, TSV, JSON Lines or Parquet file.

The mapping's keys are those of CSVW where they fit (Metadata Vocabulary for Tabular Data, W3C
Recommendation of 2015-12-17); docs/sources.md lists them.
"""
