import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { PersonName } from "../security/PersonName";

const OF_A_USER = new Set(["user", "user_id"]);

/** Whom or what a detection is about, people by their names. */
export function GroupName({ detection }: { detection: Pick<Detection, "group"> }) {
  return detection.group.map(({ field, value }, place) => (
    <span key={field}>
      {place > 0 && " · "}
      {OF_A_USER.has(field) ? <PersonName userId={value} /> : <Plain text={value} />}
    </span>
  ));
}
