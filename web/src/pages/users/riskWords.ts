import type { UserInsight } from "../../api/insight";
import { t } from "../../texts";

type Signal = UserInsight["risk"]["signals"][number];

/** What a signal's facts say, where they are of the expected kind. */
function numberIn(facts: Signal["facts"], key: string): number {
  const value = facts[key];
  return typeof value === "number" ? value : 0;
}

function textIn(facts: Signal["facts"], key: string): string {
  const value = facts[key];
  return typeof value === "string" ? value : "";
}

function wordsIn(facts: Signal["facts"], key: string): string {
  const value = facts[key];
  return Array.isArray(value) ? value.map(String).join(", ") : "";
}

/** A risk signal in one sentence with its numbers. */
export function riskWords({ code, count, facts }: Signal): string {
  const words = t.users.risk.signals;
  switch (code) {
    case "FAILED_SIGN_INS":
      return words.FAILED_SIGN_INS(count, numberIn(facts, "addresses"));
    case "NEW_COUNTRY":
      return words.NEW_COUNTRY(wordsIn(facts, "countries"), wordsIn(facts, "known"));
    case "OFF_HOURS":
      return words.OFF_HOURS(count, numberIn(facts, "share"));
    case "MANY_DELETIONS":
      return words.MANY_DELETIONS(count, numberIn(facts, "before"));
    case "REFUSED_ACTIONS":
      return words.REFUSED_ACTIONS(count);
    case "ROLE_CHANGED":
      return words.ROLE_CHANGED(count);
    case "OPEN_DETECTIONS":
      return words.OPEN_DETECTIONS(count, textIn(facts, "severity"));
  }
}
