import { Alert, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { passkeysQuery } from "../../api/factors";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { passkeyObstacle } from "../sign-in/webauthn";
import { AddPasskeyDialog } from "./AddPasskeyDialog";
import { Loaded } from "./Loaded";
import { PasskeyTable } from "./PasskeyTable";
import { Section } from "./Section";

export function PasskeysSection({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const words = t.settings.security.passkeys;
  const [isAdding, setAdding] = useState(false);
  const passkeys = useQuery(passkeysQuery);
  const obstacle = passkeyObstacle();
  return (
    <Section
      title={words.title}
      description={words.description}
      actions={
        <Button
          disabled={obstacle !== null}
          onClick={() => {
            setAdding(true);
          }}
        >
          {words.add}
        </Button>
      }
    >
      {obstacle !== null && (
        <Alert color="yellow" mb="md">
          {obstacle}
        </Alert>
      )}
      <Loaded query={passkeys} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              {words.empty}
            </Text>
          ) : (
            <PasskeyTable passkeys={items} />
          )
        }
      </Loaded>
      <AddPasskeyDialog
        isOpen={isAdding}
        onClose={() => {
          setAdding(false);
        }}
        onDone={(codes) => {
          setAdding(false);
          notifyDone(words.added);
          onCodes(codes);
        }}
      />
    </Section>
  );
}
