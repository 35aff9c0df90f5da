import { Button } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { EmptyState } from "../parts/EmptyState";
import { useDocumentTitle } from "../parts/useDocumentTitle";
import { t } from "../texts";

/** An address that leads nowhere. */
export function NotFound() {
  useDocumentTitle(t.shell.notFound.title);
  return (
    <div className="tk-page">
      <EmptyState
        icon={<IconCompass size={20} stroke={1.75} />}
        title={t.shell.notFound.title}
        text={t.shell.notFound.text}
        action={
          <Button size="xs" variant="default" renderRoot={(root) => <Link {...root} to="/" />}>
            {t.shell.notFound.back}
          </Button>
        }
      />
    </div>
  );
}
