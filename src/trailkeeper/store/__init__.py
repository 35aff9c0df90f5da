"""The two stores, and how work moves between them: events, metadata, followers, jobs."""
