/** One line of the trail, as far as it is shown. */
export interface TrailEvent {
  id: string;
  action: string;
  resource_type: string;
  resource_id?: string;
  resource_name?: string;
  user_id?: string;
  user_email?: string;
  timestamp: string;
  status: string;
}

export interface TrailPage {
  items: TrailEvent[];
  next_cursor: string | null;
  has_more: boolean;
}

/** The token is over: only the page that made it can get another. */
export class TokenExpired extends Error {}

/**
 * Fetches one page of what the token lets its holder see.
 *
 * @param service - where Trailkeeper answers, such as `https://audit.example.com`
 * @throws TokenExpired for 401 and 403, Error for anything else that went wrong
 */
export async function fetchPage(
  service: string,
  token: string,
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
): Promise<TrailPage> {
  const asked = new URLSearchParams({ limit: String(limit) });
  if (cursor !== null) {
    asked.set("cursor", cursor);
  }
  const answer = await fetch(`${service.replace(/\/+$/, "")}/audit-logs?${asked.toString()}`, {
    headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
    // The person's own cookies have nothing to do with this.
    credentials: "omit",
    signal,
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new TokenExpired();
  }
  if (!answer.ok) {
    throw new Error(`answered ${String(answer.status)}`);
  }
  return (await answer.json()) as TrailPage;
}

const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of others with what cannot be seen made visible, so that no name turns a line around. */
export function plain(text: string): string {
  return text.replace(HIDDEN, (each) => `⟨${(each.codePointAt(0) ?? 0).toString(16)}⟩`);
}

/** `DEPLOY_MODEL` as people read it: `Deploy model`. */
export function inWords(name: string): string {
  const words = plain(name).toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
