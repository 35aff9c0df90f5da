import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { t } from "../../texts";
import { PersonName } from "../security/PersonName";

/** Whom access is of: a user with a way to their profile, or everyone. */
export function SubjectName({ subject }: { subject: string }) {
  if (subject === "*") {
    return <span>{t.resources.access.everyone}</span>;
  }
  return (
    <Anchor
      renderRoot={(root) => (
        <Link {...root} to="/users/$userId/access" params={{ userId: subject }} />
      )}
    >
      <PersonName userId={subject} />
    </Anchor>
  );
}
