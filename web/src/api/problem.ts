import type { components } from "./schema";

type Wire = components["schemas"]["Problem"];

/** One field's fault: which field of the request, and what is wrong with it. */
export interface FieldFault {
  field: string;
  detail: string;
}

const SESSION_OVER = new Set(["SESSION_INVALID", "SESSION_EXPIRED", "MISSING_KEY"]);

function isWire(body: unknown): body is Wire {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function faultsOf(body: Wire): FieldFault[] {
  return typeof body.field === "string" ? [{ field: body.field, detail: body.detail }] : [];
}

function secondsOf(header: string | null | undefined): number | null {
  const seconds = Number(header ?? "");
  return header && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/** What the service answered instead of what was asked for (RFC 9457), or that it did not. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Stable; branch on it. `NO_ANSWER` and `NOT_UNDERSTOOD` are the console's own. */
  readonly code: string;
  readonly title: string;
  /** For people, may change. */
  readonly detail: string;
  readonly hint: string | null;
  readonly field: string | null;
  /** Where in the field the fault is, in characters from 0. */
  readonly position: number | null;
  readonly expected: readonly string[];
  readonly errors: readonly FieldFault[];
  readonly request_id: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(body: Partial<Wire>, retryAfterSeconds: number | null = null) {
    super(body.detail ?? "");
    this.status = body.status ?? 0;
    this.code = body.code ?? "NOT_UNDERSTOOD";
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.hint = body.hint ?? null;
    this.field = body.field ?? null;
    this.position = body.position ?? null;
    this.expected = body.expected ?? [];
    this.errors = isWire(body) ? faultsOf(body) : [];
    this.request_id = body.request_id ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether signing in again is what helps. */
  get isSessionOver(): boolean {
    return this.status === 401 && SESSION_OVER.has(this.code);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 429;
  }
}

/** The problem in an answer that is not a success, whatever stood in front of the service. */
export function problemOf(error: unknown, response: Response): ApiProblem {
  const wait = secondsOf(response.headers.get("Retry-After"));
  const requestId = response.headers.get("X-Request-ID");
  if (isWire(error)) {
    const known = { ...error, status: response.status };
    return new ApiProblem({ ...known, request_id: known.request_id ?? requestId }, wait);
  }
  const detail = typeof error === "string" ? error.slice(0, 300) : "";
  const title = response.statusText;
  const body = { status: response.status, code: "NOT_UNDERSTOOD", title, detail };
  return new ApiProblem({ ...body, request_id: requestId }, wait);
}
