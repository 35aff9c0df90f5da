import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { membersQuery } from "../../api/people";
import { rolesQuery } from "../../api/roles";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { MemberTable } from "./MemberTable";
import type { MembersSearch } from "./routes";
import { Section } from "./Section";

const words = t.settings.members;
const TYPING_MS = 250;

/** Members, searched and filtered by the address. */
export function MembersSection() {
  const search = useSearch({ from: "/app/settings/members" });
  const navigate = useNavigate({ from: "/settings/members" });
  const roles = useQuery(rolesQuery);
  const members = useInfiniteQuery(membersQuery(search));
  const found = members.data?.pages.flatMap((page) => page.items) ?? [];
  const go = (change: MembersSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const typed = useDebouncedCallback((text: string) => {
    go({ search: text || undefined });
  }, TYPING_MS);
  return (
    <Section title={words.list}>
      <Group mb="md" gap="sm">
        <TextInput
          flex="1 1 14rem"
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          defaultValue={search.search ?? ""}
          onChange={(event) => {
            typed(event.currentTarget.value);
          }}
        />
        <NativeSelect
          aria-label={words.role}
          value={search.role ?? ""}
          onChange={(event) => {
            go({ role: event.currentTarget.value || undefined });
          }}
          data={[
            { value: "", label: words.anyRole },
            ...(roles.data?.items ?? []).map((role) => ({ value: role.name, label: role.name })),
          ]}
        />
        <NativeSelect
          aria-label={words.status}
          value={search.status ?? ""}
          onChange={(event) => {
            go({ status: (event.currentTarget.value || undefined) as MembersSearch["status"] });
          }}
          data={[
            { value: "", label: words.anyStatus },
            { value: "active", label: words.statuses.active },
            { value: "disabled", label: words.statuses.disabled },
          ]}
        />
      </Group>
      {members.isPending && <LoadingState rows={6} height={44} />}
      {members.isError && (
        <ErrorState problem={members.error} retry={() => void members.refetch()} isCompact />
      )}
      {members.isSuccess && found.length === 0 && (
        <EmptyState title={words.empty} text={words.emptyText} isCompact />
      )}
      {found.length > 0 && (
        <CursorList
          loaded={found.length}
          hasMore={members.hasNextPage}
          isLoadingMore={members.isFetchingNextPage}
          onMore={() => void members.fetchNextPage()}
        >
          <MemberTable members={found} />
        </CursorList>
      )}
    </Section>
  );
}
