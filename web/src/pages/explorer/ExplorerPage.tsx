import { Gate } from "../../parts/Gate";
import { NoPermission } from "../../parts/NoPermission";
import { useDocumentTitle } from "../../parts/useDocumentTitle";
import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { ExplorerBody } from "./ExplorerBody";

/** All events of the organization, to search through. */
export function ExplorerPage() {
  useDocumentTitle(t.explorer.title);
  return (
    <div className={classes.page}>
      <h1 className="tk-visually-hidden">{t.explorer.title}</h1>
      <Gate permission="user:view" otherwise={<NoPermission permission="user:view" />}>
        <ExplorerBody />
      </Gate>
    </div>
  );
}
