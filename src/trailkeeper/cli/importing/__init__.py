"""Import of NDJSON and CSV files of any size: streaming, resumable, never twice."""
