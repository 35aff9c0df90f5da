import { useState } from "react";

import { ApiProblem } from "../../api/client";

type Waiting = { proven: () => void; cancelled: () => void };

/**
 * Does what takes a recent proof: where the service wants the password first, asks for it and does
 * it again. Spread `dialog` into a `ProofDialog`.
 */
export function useProven() {
  const [waiting, setWaiting] = useState<Waiting | null>(null);

  async function attempt<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "RECENT_SIGN_IN_NEEDED") throw error;
      await new Promise<void>((proven, refused) => {
        setWaiting({
          proven,
          cancelled: () => {
            refused(error);
          },
        });
      });
      return action();
    }
  }

  function close(how: keyof Waiting) {
    waiting?.[how]();
    setWaiting(null);
  }

  return {
    attempt,
    dialog: {
      isOpen: waiting !== null,
      onProven: () => {
        close("proven");
      },
      onClose: () => {
        close("cancelled");
      },
    },
  };
}
