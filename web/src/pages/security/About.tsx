import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { PEOPLE } from "./fields";
import { PersonName } from "./PersonName";

/** Whom or what a detection is about; people by their names. */
export function About({ group }: Pick<Detection, "group">) {
  const isNamed = group.some(({ field }) => PEOPLE.has(field));
  return (
    <span>
      {group
        // The e-mail address says nothing more beside the name.
        .filter(({ field }) => !(isNamed && field === "user_email"))
        .map(({ field, value }, index) => (
          <span key={field}>
            {index > 0 && ", "}
            {field} {PEOPLE.has(field) ? <PersonName userId={value} /> : <Plain text={value} />}
          </span>
        ))}
    </span>
  );
}
