"""Saved views: a search of the Explorer under a name, private or shared."""
