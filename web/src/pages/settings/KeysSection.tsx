import { Switch, Stack } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { keysQuery, type IssuedKey } from "../../api/keys";
import { EmptyState } from "../../parts/EmptyState";
import { t } from "../../texts";
import { useNow } from "../../time/useNow";
import { KeyRow } from "./KeyRow";
import { isWorking } from "./keyState";
import { Loaded } from "./Loaded";
import { Section } from "./Section";

const words = t.settings.keys;

export function KeysSection({ onIssued }: { onIssued: (issued: IssuedKey) => void }) {
  const { all } = useSearch({ from: "/app/settings/api-keys" });
  const navigate = useNavigate({ from: "/settings/api-keys" });
  const keys = useQuery(keysQuery);
  const now = useNow();
  return (
    <Section
      title={words.list}
      actions={
        <Switch
          label={words.showOld}
          checked={all === true}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            void navigate({ search: { all: isOn || undefined }, replace: true });
          }}
        />
      }
    >
      <Loaded query={keys} rows={5}>
        {({ items }) => {
          const shown = items.filter((key) => all === true || isWorking(key, now));
          if (shown.length === 0) {
            return (
              <EmptyState
                icon={<IconKey size={20} stroke={1.75} />}
                title={words.empty}
                text={words.emptyText}
              />
            );
          }
          return (
            <Stack component="ul" gap={0} m={0} p={0}>
              {shown.map((key) => (
                <KeyRow key={key.id} shown={key} now={now} onIssued={onIssued} />
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}
