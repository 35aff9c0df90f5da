"""Kept and let go: retention, and what it did."""
