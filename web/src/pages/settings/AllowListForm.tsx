import { Button, Group, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { randomId } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { useSaveAllowList, type AllowedNetwork } from "../../api/allow_list";
import { ApiProblem } from "../../api/client";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { AllowListRow } from "./AllowListRow";
import { FormActions } from "./FormActions";
import { LockOutDialog } from "./LockOutDialog";
import { UnsavedGuard } from "./UnsavedGuard";

export type AllowListValues = { entries: (AllowedNetwork & { key: string })[] };

type Props = { entries: AllowedNetwork[]; yourAddress: string | null };

const words = t.settings.allowList;

/** The whole list, saved at once. The service says whether it would lock its author out. */
export function AllowListForm({ entries, yourAddress }: Props) {
  const form = useForm<AllowListValues>({ initialValues: { entries: keyed(entries) } });
  const [wouldLockOut, setWouldLockOut] = useState(false);
  const save = useSaveAllowList();
  const problem = useProblem(form, pathOf);
  const isDirty = form.isDirty();
  const add = (network: string) => {
    form.insertListItem("entries", { key: randomId(), network, note: "" });
  };

  async function send(locksOut: boolean): Promise<void> {
    const wanted = form.getValues().entries.map(({ network, note }) => ({ network, note }));
    const saved = keyed((await save.mutateAsync({ entries: wanted, locksOut })).entries);
    form.setInitialValues({ entries: saved });
    form.setValues({ entries: saved });
    form.resetDirty({ entries: saved });
    notifyDone(words.saved);
  }

  const submit = form.onSubmit(() => {
    problem.clear();
    send(false).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.code === "WOULD_LOCK_OUT") setWouldLockOut(true);
      else problem.show(error);
    });
  });
  return (
    <form onSubmit={submit}>
      <UnsavedGuard isDirty={isDirty} />
      <ProblemNote error={problem.left} />
      <Text mb="md">
        {yourAddress === null ? (
          words.unknown
        ) : (
          <>
            {words.yours} <b className="tk-mono">{yourAddress}</b>.
          </>
        )}{" "}
        {form.values.entries.length === 0 && words.open}
      </Text>
      {form.values.entries.map((entry, index) => (
        <AllowListRow key={entry.key} form={form} index={index} />
      ))}
      <Group gap="sm" mt="sm">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            add("");
          }}
        >
          {words.add}
        </Button>
        {yourAddress !== null &&
          !form.values.entries.some((entry) => entry.network === yourAddress) && (
            <Button
              variant="default"
              size="xs"
              onClick={() => {
                add(yourAddress);
              }}
            >
              {words.addYours}
            </Button>
          )}
      </Group>
      <FormActions
        isDirty={isDirty}
        isSaving={save.isPending}
        onDiscard={() => {
          problem.clear();
          form.reset();
        }}
      />
      <LockOutDialog
        isOpen={wouldLockOut}
        address={yourAddress}
        onConfirm={() => send(true)}
        onClose={() => {
          setWouldLockOut(false);
        }}
      />
    </form>
  );
}

function keyed(entries: AllowedNetwork[]): AllowListValues["entries"] {
  return entries.map((entry) => ({ ...entry, key: entry.network }));
}

/** `entries.2` is about the network of that entry; other fields are named in full. */
function pathOf(field: string): string {
  return /^entries\.\d+$/.test(field) ? `${field}.network` : field;
}
