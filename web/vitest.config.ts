import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Times must not depend on the machine: a zone with summer time, far from UTC.
    env: { TZ: "America/New_York" },
  },
});
