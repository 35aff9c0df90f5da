import { Code } from "@mantine/core";

import { useMay, useMe } from "../../api/me";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { Facts, type Fact } from "./Facts";

export function PersonFacts() {
  const me = useMe();
  const words = t.settings.profile;
  const mayRename = useMay("user:manage");
  const name: Fact[] = mayRename
    ? []
    : [{ label: words.name, value: <Plain text={me.name} />, note: words.nameFixed }];
  return (
    <Facts
      facts={[
        ...name,
        { label: words.email, value: <Plain text={me.email ?? ""} />, note: words.emailHint },
        { label: words.role, value: me.role ?? "" },
        { label: words.organization, value: <Plain text={me.organization.name} /> },
        { label: words.userId, value: <Code>{me.user_id}</Code> },
      ]}
    />
  );
}
