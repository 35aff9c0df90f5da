import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";

import { Gate } from "../../parts/Gate";
import { t } from "../../texts";
import { InvitationsSection } from "./InvitationsSection";
import { InviteDialog } from "./InviteDialog";
import { MembersSection } from "./MembersSection";
import { SettingsPage } from "./SettingsPage";

/** Who may sign in to the organization, who is about to, and as what. */
export function MembersPage() {
  const words = t.settings.members;
  const [isInviting, setInviting] = useState(false);
  return (
    <SettingsPage
      title={words.title}
      description={words.description}
      permission="user:view"
      actions={
        <Gate permission="user:manage">
          <Button
            leftSection={<IconUserPlus size={16} aria-hidden />}
            onClick={() => {
              setInviting(true);
            }}
          >
            {words.invite}
          </Button>
        </Gate>
      }
    >
      <InvitationsSection />
      <MembersSection />
      <InviteDialog
        isOpen={isInviting}
        onClose={() => {
          setInviting(false);
        }}
      />
    </SettingsPage>
  );
}
