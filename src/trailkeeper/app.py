"""The HTTP application: every room's routes, one way to fail, one OpenAPI document."""

from __future__ import annotations

import logging
import time
from typing import Any, Final
from urllib.parse import unquote

import msgspec
import structlog
from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, OpenAPIType, Schema, SecurityScheme, Tag
from litestar.plugins import OpenAPISchemaPlugin
from litestar.routes import BaseRoute
from litestar.types import ASGIApp, ControllerRouterHandler, Message, Receive, Scope, Send
from litestar.typing import FieldDefinition

from trailkeeper import __version__
from trailkeeper.access.allow_list_routes import ALLOW_LIST_ROUTES
from trailkeeper.access.declared import declare_access
from trailkeeper.access.deny_list_routes import DENY_LIST_ROUTES
from trailkeeper.access.embed_tokens import tell_origin
from trailkeeper.access.guard import check_all_routes_declare, note_refusal
from trailkeeper.access.key_routes import KEY_ROUTES
from trailkeeper.access.operation import with_nulls
from trailkeeper.access.people.routes import ROUTES as PEOPLE_ROUTES
from trailkeeper.access.routes import ROUTES as ACCESS_ROUTES
from trailkeeper.access.signin.cookies import SESSION_COOKIE
from trailkeeper.access.signin.factor_policy_routes import ROUTES as FACTOR_POLICY_ROUTES
from trailkeeper.access.signin.factor_routes import ROUTES as FACTOR_ROUTES
from trailkeeper.access.signin.oidc_routes import ROUTES as OIDC_ROUTES
from trailkeeper.access.signin.passkey_routes import ROUTES as PASSKEY_ROUTES
from trailkeeper.access.signin.routes import ROUTES as SIGN_IN_ROUTES
from trailkeeper.access.signin.shed import Shed
from trailkeeper.access.strict import StrictRequest
from trailkeeper.capture.routes import ROUTES as CAPTURE_ROUTES
from trailkeeper.console.dist import read_dist
from trailkeeper.console.page_paths import first_segment
from trailkeeper.console.serving import Console, varying
from trailkeeper.detect.about import active_severities
from trailkeeper.detect.routes import ROUTES as DETECT_ROUTES
from trailkeeper.export.live_routes import ROUTES as LIVE_ROUTES
from trailkeeper.export.routes import ROUTES as EXPORT_ROUTES
from trailkeeper.headers import nonce_of, with_security_headers
from trailkeeper.health import ROUTES as HEALTH_ROUTES
from trailkeeper.insight.routes import ROUTES as INSIGHT_ROUTES
from trailkeeper.keep.routes import ROUTES as KEEP_ROUTES
from trailkeeper.notify.routes import ROUTES as NOTIFY_ROUTES
from trailkeeper.problem import REQUEST_ID_HEADER, problem_handlers, request_id
from trailkeeper.search.access_at.routes import ROUTES as ACCESS_AT_ROUTES
from trailkeeper.search.embed.routes import ROUTES as EMBED_ROUTES
from trailkeeper.search.routes import ROUTES as SEARCH_ROUTES
from trailkeeper.search.views.routes import ROUTES as VIEW_ROUTES
from trailkeeper.services import Services
from trailkeeper.settings import Settings
from trailkeeper.unread import close_unread

_ID_HEADER: Final = REQUEST_ID_HEADER.lower().encode()
_INNER_SLASH: Final = "\udc2f"
TAGS: Final = (
    "Capture",
    "Search",
    "Insight",
    "Export",
    "Access",
    "Detect",
    "Keep",
    "Notify",
    "Operations",
)

log = structlog.get_logger(__name__)


@get("/openapi.json", opt={"public": True}, include_in_schema=False, media_type="application/json")
async def openapi_document(request: Request[Any, Any, State]) -> Response[bytes]:
    """This API as an OpenAPI 3.1 document."""
    return Response(msgspec.json.encode(openapi_of(request.app)), media_type="application/json")


def openapi_of(app: Litestar) -> dict[str, Any]:
    """The document of an application's routes, as it is served."""
    document: dict[str, Any] = with_nulls(declare_access(app, app.openapi_schema.to_schema()))
    return document


ROUTES: list[HTTPRouteHandler] = [
    *CAPTURE_ROUTES,
    *SEARCH_ROUTES,
    *ACCESS_AT_ROUTES,
    *INSIGHT_ROUTES,
    *VIEW_ROUTES,
    *EMBED_ROUTES,
    *EXPORT_ROUTES,
    *LIVE_ROUTES,
    *ACCESS_ROUTES,
    *ALLOW_LIST_ROUTES,
    *DENY_LIST_ROUTES,
    *FACTOR_POLICY_ROUTES,
    *FACTOR_ROUTES,
    *KEY_ROUTES,
    *OIDC_ROUTES,
    *PASSKEY_ROUTES,
    *PEOPLE_ROUTES,
    *SIGN_IN_ROUTES,
    *DETECT_ROUTES,
    *KEEP_ROUTES,
    *NOTIFY_ROUTES,
    *HEALTH_ROUTES,
    openapi_document,
]


class RawJsonSchema(OpenAPISchemaPlugin):
    """`details` travels as the stored bytes; to readers it is any JSON object."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is msgspec.Raw

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        return Schema(type=OpenAPIType.OBJECT, description="As it was sent, without secrets.")


class StrictBodySchema(OpenAPISchemaPlugin):
    """What refuses unknown fields says so in its schema too."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return (
            not field_definition.is_union
            and field_definition.is_subclass_of(msgspec.Struct)
            and field_definition.annotation.__struct_config__.forbid_unknown_fields
        )

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        usual = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema: Schema = usual.to_openapi_schema(field_definition, schema_creator)
        schema.additional_properties = False
        return schema


class NoPages(Router):
    """In place of the framework's own pages of the document: `openapi_document` serves it."""

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        return []


class Application(Litestar):
    """Ids are opaque: `%2F` in a path is a character of its segment and ends none.

    Servers hand over the path decoded. So that routing does not take such a slash for a
    separator, it travels as a lone surrogate, which no decoded path can hold.

    What browsers navigate to, and the files of pages, is answered by the `console`, if any.
    """

    console: Console | None = None
    shed: Shed | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw_path: bytes = scope.get("raw_path") or b""
        if b"%2f" in raw_path.lower():
            segments = raw_path.partition(b"?")[0].decode("ascii", "replace").split("/")
            scope["path"] = "/".join(
                unquote(segment).replace("/", _INNER_SLASH) for segment in segments
            )
        settings: Settings = self.state["settings"]
        send = with_security_headers(scope, send, settings)
        if self.shed is not None and self.shed.refuses(scope):
            await self.shed.answer(scope, receive, send)
            return
        if self.console is not None and scope["type"] == ScopeType.HTTP:
            scope.setdefault("state", {})
            answer = self.console.find(scope, lambda: nonce_of(scope))
            if answer is not None:
                scope.setdefault("path_params", {})
                await close_unread(request_log(answer))(scope, receive, send)
                return
            if self.console.is_shared(scope):
                send = varying(send)
        await super().__call__(scope, receive, send)


def create_app(services: Services) -> Litestar:
    """The application over opened services. Raises ConfigurationError(ROUTE_UNDECLARED)."""
    app = Application(
        route_handlers=ROUTES,
        request_class=StrictRequest,
        exception_handlers=problem_handlers(),
        openapi_config=OpenAPIConfig(
            title="Trailkeeper",
            version=__version__,
            description="Audit log and user activity: record, find, count and hand out events.",
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            tags=[Tag(name=name) for name in TAGS],
            components=Components(
                security_schemes={
                    "ApiKey": SecurityScheme(
                        type="http", scheme="bearer", description="An API key, `tk_…`."
                    ),
                    "Session": SecurityScheme(
                        type="apiKey",
                        name=SESSION_COOKIE,
                        security_scheme_in="cookie",
                        description="A person who signed in. Unsafe methods also need the header"
                        " `X-CSRF-Token`, from `GET /me`.",
                    ),
                }
            ),
            security=[{"ApiKey": []}, {"Session": []}],
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin()],
            openapi_router=NoPages("/schema", route_handlers=[]),
        ),
        plugins=[RawJsonSchema(), StrictBodySchema()],
        middleware=[close_unread, request_log],
        after_exception=[note_refusal],
        before_send=[tell_origin],
        state=State(
            {
                **services.as_state(),
                "services": services,
                "active_severities": active_severities,
            }
        ),
        logging_config=None,
    )
    check_all_routes_declare(app)
    app.shed = Shed(services.passwords.gate)
    app.console = Console(read_dist(), {first_segment(route.path) for route in app.routes})
    return app


def request_log(app: ASGIApp) -> ASGIApp:
    """Middleware: every answer carries its request's id, and every request is logged."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        _restore_slashes(scope)
        identifier = request_id(Request(scope))
        began = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                if not any(name.lower() == _ID_HEADER for name, _ in headers):
                    message["headers"] = [*headers, (_ID_HEADER, identifier.encode())]
                _log_answer(scope, message["status"], identifier, began)
            await send(message)

        await app(scope, receive, send_with_id)

    return middleware


def _restore_slashes(scope: Scope) -> None:
    if _INNER_SLASH in scope["path"]:
        scope["path"] = scope["path"].replace(_INNER_SLASH, "/")
        scope["path_params"] = {
            name: str(value).replace(_INNER_SLASH, "/")
            for name, value in scope["path_params"].items()
        }


def _log_answer(scope: Scope, status: int, identifier: str, began: float) -> None:
    level = logging.WARNING if status >= 500 else logging.DEBUG
    log.log(
        level,
        "request",
        method=scope.get("method"),
        path=scope["path"],
        status=status,
        request_id=identifier,
        ms=round((time.perf_counter() - began) * 1000, 1),
    )
