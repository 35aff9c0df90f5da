import { useEffect } from "react";

import { t } from "../texts";

/** Names the page in the browser's tab and history. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? t.shell.product : `${title} · ${t.shell.product}`;
  }, [title]);
}
