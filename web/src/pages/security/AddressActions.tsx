import { Button, Group, Text } from "@mantine/core";
import { IconBan, IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { allowListQuery, type AllowedNetwork } from "../../api/allow_list";
import { denyListQuery, useUnblock } from "../../api/deny_list";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { notifyDone } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { AllowDialog } from "./AllowDialog";
import { BlockDialog } from "./BlockDialog";
import { holding, isSingle } from "./networks";

interface Props {
  address: string;
  title: string;
}

/** Whether an address is let in, by what, and the way to change that. */
export function AddressActions({ address, title }: Props) {
  const words = t.security.address;
  const allowed = useQuery(allowListQuery);
  const denied = useQuery(denyListQuery);
  const unblock = useUnblock();
  const [dialog, setDialog] = useState<"block" | "allow" | null>(null);
  if (allowed.isPending || denied.isPending) {
    return <LoadingState rows={1} />;
  }
  if (allowed.isError || denied.isError) {
    return <ErrorState problem={allowed.error ?? denied.error} isCompact />;
  }
  const [blocking] = holding(denied.data.entries, address);
  const [allowing] = holding(allowed.data.entries, address);
  const hasAllowList = allowed.data.entries.length > 0;
  const isOwn = denied.data.your_address === address;
  return (
    <>
      <Text size="sm" component="div">
        {blocking !== undefined ? (
          <Status icon="blocked" text={words.isBlocked(shown(blocking))} />
        ) : !hasAllowList ? (
          <Status icon="open" text={words.open} />
        ) : allowing !== undefined ? (
          <Status icon="open" text={words.isAllowed(shown(allowing))} />
        ) : (
          <Status icon="kept-out" text={words.isKeptOut} />
        )}
      </Text>
      <Group gap="xs">
        {blocking !== undefined ? (
          <ConfirmButton
            label={words.unblock}
            title={words.unblockQuestion(blocking.network)}
            text={
              isSingle(blocking.network) ? words.unblockHint : words.unblockWide(blocking.network)
            }
            confirmLabel={words.unblock}
            onConfirm={async () => {
              await unblock.mutateAsync(blocking.network);
              notifyDone(words.unblocked(blocking.network));
            }}
          />
        ) : isOwn ? (
          <Text size="xs" c="dimmed">
            {words.isYours}
          </Text>
        ) : (
          <Button
            size="xs"
            color="red"
            variant="outline"
            leftSection={<IconBan size={14} aria-hidden />}
            onClick={() => setDialog("block")}
          >
            {words.block}
          </Button>
        )}
        {hasAllowList && allowing === undefined && (
          <Button size="xs" variant="default" onClick={() => setDialog("allow")}>
            {words.allow}
          </Button>
        )}
      </Group>
      {dialog === "block" && (
        <BlockDialog address={address} title={title} onClose={() => setDialog(null)} />
      )}
      {dialog === "allow" && (
        <AllowDialog
          address={address}
          title={title}
          entries={allowed.data.entries}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

const ICONS = {
  blocked: <IconBan size={14} aria-hidden color="var(--tk-bad)" />,
  "kept-out": <IconShieldCheck size={14} aria-hidden color="var(--tk-good)" />,
  open: <IconShieldOff size={14} aria-hidden />,
};

function Status({ icon, text }: { icon: keyof typeof ICONS; text: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      {ICONS[icon]}
      <Plain text={text} />
    </Group>
  );
}

function shown({ network, note }: AllowedNetwork): string {
  return note === "" ? network : `${network} (${note})`;
}
