"""The peer's engine and its session per request."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


engine = create_async_engine(
    os.environ["PEER_DATABASE_URL"],
    pool_size=int(os.environ.get("PEER_POOL_SIZE", "16")),
    max_overflow=0,
    json_serializer=_to_json,
    json_deserializer=msgspec.json.decode,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    """One session per request; the handler commits."""
    async with sessions() as opened:
        yield opened
