/** Details as a tree that can be searched, opened and compared. */
import { isObject } from "./changesOf";

export type Path = readonly (string | number)[];
/** A value of details at its path; `children` are what an object or a list holds. */
export interface Node {
  path: Path;
  name: string;
  value: unknown;
  children: Node[] | null;
  isRedacted: boolean;
}

/** A path as `redacted` names it: `details.headers.0.authorization`. */
export function dotted(path: Path): string {
  return ["details", ...path].join(".");
}

/** The nodes below a value, in its own order. */
export function nodesOf(value: unknown, redacted: ReadonlySet<string>, path: Path = []): Node[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((each, place) => [place, each])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.map(([key, each]) => {
    const here = [...path, key];
    const isBranch = Array.isArray(each) || isObject(each);
    return {
      path: here,
      name: String(key),
      value: each,
      children: isBranch ? nodesOf(each, redacted, here) : null,
      isRedacted: redacted.has(dotted(here)),
    };
  });
}

/** Only what holds `text` in a name or a value, in any case, with the way to it. */
export function searched(nodes: readonly Node[], text: string): Node[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") {
    return [...nodes];
  }
  return nodes.flatMap((node) => {
    if (node.name.toLowerCase().includes(wanted)) {
      return [node];
    }
    if (node.children === null) {
      return shownLeaf(node.value).toLowerCase().includes(wanted) ? [node] : [];
    }
    const children = searched(node.children, text);
    return children.length > 0 ? [{ ...node, children }] : [];
  });
}

/** A leaf as text: text as it is, all else as JSON. */
export function shownLeaf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Every leaf by its dotted path; an empty object or list is a leaf too. */
export function leavesOf(value: unknown, path = "details"): [string, unknown][] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((each, place) => leavesOf(each, `${path}.${String(place)}`));
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${path}.${key}`));
  }
  return [[path, value]];
}
