"""The peer: FastAPI + SQLAlchemy + PostgreSQL, one row per event, the usual indexes.

Where there was a choice, the faster idiom was taken: Core rows instead of ORM objects, no
`COUNT(*)` per page, keyset pages next to offsets, a server-side cursor for exports.
"""
