import type { AlertDraft, Faults } from "./alertDraft";

/** What each step of an alert is given. */
export interface StepProps {
  draft: AlertDraft;
  faults: Faults;
  onChange: (changes: Partial<AlertDraft>) => void;
}
