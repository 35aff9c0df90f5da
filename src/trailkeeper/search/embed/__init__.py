"""Embed tokens: made here, where filters are known; checked at the door (`access`)."""
