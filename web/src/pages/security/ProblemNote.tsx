import { ErrorState } from "../../parts/ErrorState";

/** What a form's request ran into, where it did. */
export function ProblemNote({ problem }: { problem: unknown }) {
  return problem === null || problem === undefined ? null : (
    <ErrorState problem={problem} isCompact />
  );
}
