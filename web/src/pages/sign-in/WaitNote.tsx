import { Text } from "@mantine/core";
import { useEffect, useState } from "react";

import { t } from "../../texts";

/** Counts down until the service looks at another try. */
export function WaitNote({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = window.setInterval(() => {
      setLeft((was) => Math.max(0, was - 1));
    }, 1000);
    return () => {
      window.clearInterval(timer);
    };
  }, []);
  return (
    <Text size="sm" fw={600} mt={4}>
      {left > 0 ? t.signIn.wait.inSeconds(left) : t.signIn.wait.now}
    </Text>
  );
}
