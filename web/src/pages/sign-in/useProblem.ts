import { useState } from "react";

import { placeProblem, type PlacedForm } from "./placeProblem";

/** A problem of a form: at its field where it names one, else in `left`. */
export function useProblem(form: PlacedForm, pathOf?: (field: string) => string | null) {
  const [left, setLeft] = useState<unknown>(null);
  return {
    left,
    clear: () => {
      setLeft(null);
    },
    show: (error: unknown) => {
      setLeft(placeProblem(form, error, pathOf));
    },
  };
}
