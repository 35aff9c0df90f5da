import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import type { IssuedKey } from "../../api/keys";
import { t } from "../../texts";
import { IssuedKeyDialog } from "./IssuedKeyDialog";
import { KeyDialog } from "./KeyDialog";
import { KeysSection } from "./KeysSection";
import { SettingsPage } from "./SettingsPage";

const words = t.settings.keys;

/** The organization's API keys, and the one moment in which a new one can be seen. */
export function KeysPage() {
  const [isAdding, setAdding] = useState(false);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const show = (key: IssuedKey) => {
    setAdding(false);
    setIssued(key);
  };
  return (
    <SettingsPage
      title={words.title}
      description={words.description}
      permission="key:manage"
      actions={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setAdding(true);
          }}
        >
          {words.add}
        </Button>
      }
    >
      <KeysSection onIssued={show} />
      <KeyDialog
        isOpen={isAdding}
        onIssued={show}
        onClose={() => {
          setAdding(false);
        }}
      />
      <IssuedKeyDialog
        issued={issued}
        onClose={() => {
          setIssued(null);
        }}
      />
    </SettingsPage>
  );
}
