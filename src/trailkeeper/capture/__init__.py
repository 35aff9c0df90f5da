"""Capture: events come in, are judged one by one, and are committed together.

parse → validate → redact → enrich → place → commit
"""
