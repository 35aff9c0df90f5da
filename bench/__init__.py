"""The bench: Trailkeeper beside the table that most teams write today, on one machine."""
