"""Errors on the wire: RFC 9457 problem documents, and what OpenAPI says of them.

Every answer that is not a success is `application/problem+json` with a stable `code` and
the request's id. What we did not foresee is logged whole and answered without detail.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.types import ExceptionHandlersMap, Scope
from litestar.utils.scope import get_header

from trailkeeper.errors import Problem, TrailkeeperError, Unauthenticated, Unavailable
