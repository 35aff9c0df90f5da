import { useQuery } from "@tanstack/react-query";

import { useMay } from "../../api/me";
import { userQuery } from "../../api/users";
import { Plain } from "../../parts/Plain";

/** Who a user id is; the id itself where that is not known, or may not be asked. */
export function PersonName({ userId }: { userId: string }) {
  const mayView = useMay("user:view");
  const { data } = useQuery({
    ...userQuery(userId),
    // A key or somebody unknown is no user: its id says all there is.
    enabled: mayView && !userId.startsWith("api-key:"),
    retry: false,
    staleTime: 60_000,
  });
  return <Plain text={data?.name ?? data?.user_email ?? userId} />;
}
