import { useDebouncedValue } from "@mantine/hooks";
import { IconUser } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { usersQuery } from "../../api/users";
import { visibleText } from "../../parts/plainText";
import type { Command } from "./command";

const TYPING_MS = 150;
const MOST = 5;

/** People of the organization by what was typed: name, e-mail or id. */
export function usePeople(typed: string): Command[] {
  const navigate = useNavigate();
  const maySee = useMay("user:view");
  const [search] = useDebouncedValue(typed, TYPING_MS);
  const isAsked = maySee && search !== "" && typed !== "";
  const found = useInfiniteQuery({ ...usersQuery({ search, sort: "name" }), enabled: isAsked });
  if (!isAsked) {
    return [];
  }
  const users = found.data?.pages[0]?.items ?? [];
  return users.slice(0, MOST).map((user) => ({
    id: `user-${user.user_id}`,
    label: visibleText(user.name ?? user.user_email ?? user.user_id),
    about: visibleText(user.user_email ?? user.user_id),
    icon: IconUser,
    run: () => void navigate({ to: "/users/$userId/activity", params: { userId: user.user_id } }),
  }));
}
