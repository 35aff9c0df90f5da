"""Told: channels, alert settings, deliveries, the inbox of each person."""

from __future__ import annotations
