import type { FacetField } from "../../api/events";
import type { ExplorerScope } from "./ExplorerContext";

/** A field that the page itself filters has one value only, and is no choice. */
export function isFixed(field: FacetField, scope: ExplorerScope | undefined): boolean {
  if (scope === undefined) return false;
  if ("user_id" in scope) return field === "user_id" || field === "user_email";
  return field === "resource_type" || field === "resource_id" || field === "resource_name";
}
