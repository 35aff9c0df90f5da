/** Pages that begin a sign-in: coming back to one of them after it would lead nowhere. */
const BEGINNINGS = ["/login", "/sign-in", "/setup", "/forgot", "/reset", "/invitation"];

/**
 * The path as given where it is one of this very console, else undefined.
 *
 * Browsers read `\` as `/` and drop tabs and line ends, so what looks like a path may lead to
 * another site: `//evil.example`, `/\evil.example`.
 */
export function ownPath(given: unknown): string | undefined {
  if (typeof given !== "string" || !/^\/(?![/\\])[!-~]*$/.test(given)) return undefined;
  const url = new URL(given, window.location.origin);
  if (url.origin !== window.location.origin || url.pathname.startsWith("//")) return undefined;
  if (BEGINNINGS.some((path) => url.pathname === path || url.pathname.startsWith(`${path}/`))) {
    return undefined;
  }
  return url.pathname + url.search + url.hash;
}
