import type { ErrorComponentProps } from "@tanstack/react-router";
import { useRouter } from "@tanstack/react-router";

import { ErrorState } from "../parts/ErrorState";
import { useDocumentTitle } from "../parts/useDocumentTitle";
import { t } from "../texts";

/** Stands where a page could not be shown; the shell around it goes on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useDocumentTitle(t.shell.failed.title);

  function retry(): void {
    reset();
    void router.invalidate();
  }

  return (
    <div className="tk-page">
      <ErrorState problem={error} retry={retry} />
    </div>
  );
}
