"""Trailkeeper: a self-hosted audit log and user-activity service."""

__version__ = "0.1.0"
