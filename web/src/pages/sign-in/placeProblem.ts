import type { ReactNode } from "react";

import { ApiProblem } from "../../api/client";

/** What a form of Mantine offers to put a fault into its place. */
export type PlacedForm = {
  getValues: () => object;
  setErrors: (errors: Record<string, ReactNode>) => void;
  getInputNode: (path: string) => HTMLElement | null;
};

/**
 * Puts a problem at the field that it names, and the cursor there.
 *
 * `pathOf` says which input stands for a field of the API, where their names differ; null where
 * none does. Returns what no input could show, to be said beside the form; null where one did.
 */
export function placeProblem(
  form: PlacedForm,
  error: unknown,
  pathOf: (field: string) => string | null = (field) => field,
): unknown {
  if (!(error instanceof ApiProblem) || !error.field) return error;
  const path = pathOf(error.field);
  const [root] = (path ?? "").split(".");
  if (!path || !root || !(root in form.getValues())) return error;
  form.setErrors({ [path]: [error.detail, error.hint].filter(Boolean).join(" ") });
  form.getInputNode(path)?.focus();
  return null;
}
