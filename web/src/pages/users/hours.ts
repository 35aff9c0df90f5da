import { t } from "../../texts";

interface Hours {
  from_hour: number;
  to_hour: number;
}

/** Usual hours by weekday, days in a row that are alike said once: `Mon–Thu 09:00–18:00`. */
export function hoursText(week: readonly (Hours | null)[]): string {
  const { short, hour } = t.parts.heat;
  const parts: string[] = [];
  for (let first = 0; first < week.length; first += 1) {
    const hours = week[first];
    if (!hours) {
      continue;
    }
    const from = first;
    while (isSame(week[first + 1], hours)) {
      first += 1;
    }
    const days = from === first ? short[from] : `${short[from] ?? ""}–${short[first] ?? ""}`;
    parts.push(`${days ?? ""} ${hour(hours.from_hour)}–${hour(hours.to_hour)}`);
  }
  return parts.join(", ");
}

function isSame(one: Hours | null | undefined, other: Hours): boolean {
  return one?.from_hour === other.from_hour && one.to_hour === other.to_hour;
}
