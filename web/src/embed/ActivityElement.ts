import { fetchPage, inWords, plain, TokenExpired, type TrailEvent, type TrailPage } from "./feed";
import { STYLES } from "./styles";
import { ENGLISH, type EmbedTexts } from "./texts";

const DEFAULT_LIMIT = 25;

/**
 * `<trailkeeper-activity service="https://audit.example.com" token="…">`: a customer's own trail
 * inside another product.
 *
 * Attributes: `service` (where Trailkeeper answers), `token` (from `POST /embed-tokens`, made by
 * the product's server), `limit` (events a page, 25), `locale` and `time-zone` (default: the
 * browser's). Set `texts` for another language. Sends `trailkeeper-expired` when the token is
 * over: set a new `token` then.
 */
export class ActivityElement extends HTMLElement {
  static readonly observedAttributes = ["service", "token", "limit", "locale", "time-zone"];

  #texts: EmbedTexts = ENGLISH;
  #events: TrailEvent[] = [];
  #cursor: string | null = null;
  #isOver = false;
  #loading: AbortController | null = null;
  readonly #list = document.createElement("ol");
  readonly #foot = document.createElement("div");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    // Unlike a style element, a sheet passes the strictest content policy of the page.
    root.adoptedStyleSheets = [sheet];
    this.#foot.setAttribute("aria-live", "polite");
    root.append(this.#list, this.#foot);
  }

  set texts(texts: Partial<EmbedTexts>) {
    this.#texts = { ...ENGLISH, ...texts };
    this.#begin();
  }

  connectedCallback(): void {
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#loading?.abort();
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before !== now && this.isConnected) {
      this.#begin();
    }
  }

  #begin(): void {
    if (!this.isConnected) {
      return;
    }
    this.#events = [];
    this.#cursor = null;
    this.#isOver = false;
    this.#list.setAttribute("aria-label", this.#texts.title);
    this.#list.replaceChildren();
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#say(this.#texts.loading);
    try {
      const page = await fetchPage(
        this.getAttribute("service") ?? window.location.origin,
        this.getAttribute("token") ?? "",
        this.#limit(),
        this.#cursor,
        loading.signal,
      );
      if (!loading.signal.aborted) {
        this.#show(page);
      }
    } catch (error) {
      if (!loading.signal.aborted) {
        this.#fail(error);
      }
    }
  }

  #limit(): number {
    const wanted = Number(this.getAttribute("limit"));
    return Number.isInteger(wanted) && wanted >= 1 && wanted <= 1000 ? wanted : DEFAULT_LIMIT;
  }

  #show(page: TrailPage): void {
    this.#events.push(...page.items);
    this.#cursor = page.next_cursor;
    this.#isOver = !page.has_more;
    this.#list.append(...page.items.map((event) => this.#line(event)));
    if (this.#events.length === 0) {
      this.#say(this.#texts.empty);
    } else if (this.#isOver) {
      this.#say(this.#texts.end);
    } else {
      this.#offer(this.#texts.more);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof TokenExpired) {
      this.#say(this.#texts.expired);
      this.dispatchEvent(new CustomEvent("trailkeeper-expired", { bubbles: true, composed: true }));
      return;
    }
    this.#offer(this.#texts.retry, this.#texts.failed);
  }

  #line(event: TrailEvent): HTMLLIElement {
    const line = document.createElement("li");
    const what = document.createElement("span");
    const name = event.resource_name ?? event.resource_id ?? "";
    what.textContent = `${inWords(event.action)} · ${inWords(event.resource_type)} ${plain(name)}`;
    if (event.status === "FAILED") {
      what.className = "failed";
      what.textContent += ` (${this.#texts.failure})`;
    }
    const when = document.createElement("time");
    when.dateTime = event.timestamp;
    when.textContent = this.#moment(event.timestamp);
    const who = document.createElement("span");
    who.className = "who";
    who.textContent = plain(event.user_email ?? event.user_id ?? "") || this.#texts.system;
    line.append(what, when, who);
    return line;
  }

  #moment(timestamp: string): string {
    const zone = this.getAttribute("time-zone") ?? undefined;
    return new Intl.DateTimeFormat(this.getAttribute("locale") ?? undefined, {
      dateStyle: "medium",
      timeStyle: "short",
      ...(zone === undefined ? {} : { timeZone: zone }),
    }).format(new Date(timestamp));
  }

  #say(text: string): void {
    const said = document.createElement("p");
    said.textContent = text;
    this.#foot.replaceChildren(said);
  }

  #offer(label: string, before?: string): void {
    if (before === undefined) {
      this.#foot.replaceChildren();
    } else {
      this.#say(before);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => void this.#load());
    this.#foot.append(button);
  }
}
