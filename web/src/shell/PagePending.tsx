import { LoadingState } from "../parts/LoadingState";

/** A page whose code is on its way. */
export function PagePending() {
  return (
    <div className="tk-page">
      <LoadingState rows={8} height={36} />
    </div>
  );
}
