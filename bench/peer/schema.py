"""The peer's wire shapes, as pydantic models."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress, PlainSerializer

Text1024 = Annotated[str, Field(max_length=1024)]
Address = Annotated[IPvAnyAddress, PlainSerializer(str, return_type=str, when_used="unless-none")]


class EventIn(BaseModel):
    """An event as a sender posts it."""

    model_config = ConfigDict(extra="forbid")

    id: Text1024 = Field(default_factory=lambda: str(uuid4()))
    action: Annotated[str, Field(max_length=255)]
    resource_type: Annotated[str, Field(max_length=255)]
    resource_id: Text1024 | None = None
    resource_name: Text1024 | None = None
    user_id: Text1024 | None = None
    user_email: Text1024 | None = None
    on_behalf_of: Text1024 | None = None
    timestamp: datetime = Field(default_factory=lambda: datetime.now(UTC))
    ip_address: Address | None = None
    user_agent: Text1024 | None = None
    status: Literal["SUCCESS", "FAILED"] = "SUCCESS"
    source: Literal["UI", "API", "CLI", "SDK", "SYSTEM"] = "API"
    details: dict[str, Any] = Field(default_factory=dict)


class EventOut(EventIn):
    """An event as the API hands it out."""

    received_at: datetime


class Created(BaseModel):
    """Answer to one event."""

    id: str


class BatchCreated(BaseModel):
    """Answer to a batch."""

    inserted: int
    ids: list[str]


class Page(BaseModel):
    """A page of events, newest first, and where the next one starts."""

    items: list[EventOut]
    next_cursor: str | None
