import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { invitationsQuery } from "../../api/people";
import { t } from "../../texts";
import { InvitationRow } from "./InvitationRow";
import classes from "./InvitationRow.module.css";
import { Loaded } from "./Loaded";
import { Section } from "./Section";

const words = t.settings.members.invitations;

export function InvitationsSection() {
  const invitations = useQuery(invitationsQuery);
  return (
    <Section title={words.title} description={words.description}>
      <Loaded query={invitations} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              {words.empty}
            </Text>
          ) : (
            <ul className={classes.list} aria-label={words.list}>
              {items.map((invitation) => (
                <InvitationRow key={invitation.user_id} invitation={invitation} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
