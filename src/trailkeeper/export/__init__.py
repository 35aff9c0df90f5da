"""Handed out: the log, or a part of it, in formats that others read."""
