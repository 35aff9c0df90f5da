"""Counted: the dashboard, the team, one person, resources, places."""
