import { t } from "../../texts";
import { ExplorerContext, type ExplorerScope } from "./ExplorerContext";
import { ExplorerLayout } from "./ExplorerLayout";
import { useExplorerState } from "./useExplorerState";

export interface ExplorerBodyProps {
  /** A filter of the page itself: it is no chip, and cannot be taken away. */
  scope?: ExplorerScope;
  /** The table's accessible name. */
  title?: string;
}

/** Search, chips, chart, facets and table; its state is the address of the page that it is on. */
export function ExplorerBody({ scope, title = t.explorer.table.label }: ExplorerBodyProps) {
  const explorer = useExplorerState(scope);
  return (
    <ExplorerContext value={explorer}>
      <ExplorerLayout title={title} />
    </ExplorerContext>
  );
}
