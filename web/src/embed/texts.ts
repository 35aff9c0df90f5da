/** What the component says. `TEXTS` of a page's own replaces any of it, for another language. */
export interface EmbedTexts {
  title: string;
  empty: string;
  loading: string;
  more: string;
  end: string;
  expired: string;
  failed: string;
  retry: string;
  failure: string;
  system: string;
}

export const ENGLISH: EmbedTexts = {
  title: "Activity",
  empty: "Nothing has happened yet.",
  loading: "Loading activity…",
  more: "Show more",
  end: "That is all there is.",
  expired: "This view has expired. Load the page again.",
  failed: "The activity could not be loaded.",
  retry: "Try again",
  failure: "failed",
  system: "System",
};
