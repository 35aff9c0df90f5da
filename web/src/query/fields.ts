/** The fields that `q` knows: the counterpart of `docs/search.md`. */

/** How a field's values compare; `vocabulary` and `text` do not mind case. */
export type FieldKind = "vocabulary" | "text" | "part" | "exact" | "address" | "number";

export interface Field {
  name: string;
  kind: FieldKind;
  /** The columns that it stands for: its own name, but for the aliases. */
  columns: readonly string[];
  /** Whether its values can be counted, and so completed. */
  hasFacet: boolean;
}

function field(name: string, kind: FieldKind, hasFacet = false): Field {
  return { name, kind, columns: [name], hasFacet };
}

export const FIELDS: readonly Field[] = [
  field("action", "vocabulary", true),
  field("resource_type", "vocabulary", true),
  field("status", "vocabulary", true),
  { name: "user", kind: "text", columns: ["user_id", "user_email"], hasFacet: false },
  { name: "resource", kind: "text", columns: ["resource_id", "resource_name"], hasFacet: false },
  field("user_email", "text", true),
  field("user_id", "exact", true),
  field("resource_name", "text", true),
  field("resource_id", "exact", true),
  field("ip_address", "address", true),
  field("source", "vocabulary", true),
  field("country", "vocabulary", true),
  field("city", "text", true),
  field("browser", "text", true),
  field("os", "text", true),
  field("device", "text", true),
  field("on_behalf_of", "exact", true),
  field("user_agent", "part"),
  field("id", "exact"),
  field("local_hour", "number"),
  field("local_weekday", "number"),
  field("node", "number"),
  field("node_seq", "number"),
];

/** Short names, and the field that each one is. */
const ALIASES: Readonly<Record<string, string>> = {
  type: "resource_type",
  email: "user_email",
  ip: "ip_address",
};

const BY_NAME = new Map(FIELDS.map((each) => [each.name, each]));

/** The field's own name for one of its short ones; other names are returned as they are. */
export function fullName(name: string): string {
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

/** The field of a name or short name; undefined for `details.…` and unknown ones. */
export function fieldOf(name: string): Field | undefined {
  return BY_NAME.get(fullName(name));
}

export function isDetails(name: string): boolean {
  return name.startsWith("details.");
}

/** Whether two values are the same for the field. */
export function isSameValue(name: string, one: string, other: string): boolean {
  const kind = fieldOf(name)?.kind;
  if (kind === "vocabulary" || kind === "text") return one.toLowerCase() === other.toLowerCase();
  return one === other;
}

const BARE = /^[\p{L}\p{N}_@./+#%&=~-][\p{L}\p{N}_@./+#%&=~:-]*$/u;
const KEYWORD = /^(AND|OR|NOT)$/;
const JSON_LITERAL = /^(true|false|null|-?\d.*)$/;

/** The text in quotes, as `q` reads them. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/**
 * A value as it is written after `name:`. Text is quoted where it would mean something else: a
 * wildcard, a word of the language, or, in details, a number. Null asks for absence, but in
 * details it is JSON's null.
 */
export function quoteValue(name: string, value: string | number | boolean | null): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return isDetails(name) ? "null" : '""';
  if (!BARE.test(value) || KEYWORD.test(value)) return quoted(value);
  return isDetails(name) && JSON_LITERAL.test(value) ? quoted(value) : value;
}

/** The name of a value in details, from the keys (and places in arrays) that lead to it. */
export function detailsField(path: readonly string[]): string {
  const segments = path.map((each) => (/^[A-Za-z0-9_-]+$/.test(each) ? each : quoted(each)));
  return ["details", ...segments].join(".");
}
