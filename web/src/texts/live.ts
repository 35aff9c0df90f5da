import { count, plural } from "./numbers";

/** The live page and what is said live on every page. */
export const live = {
  title: "Live",
  description: "What happens in the organization, as it is committed.",
  phases: {
    connecting: "Connecting",
    live: "Live",
    crowded: "Waiting",
    stopped: "Stopped",
    paused: "Paused",
  },
  phaseTitles: {
    connecting: "No connection at the moment. It goes on where it broke off: nothing is lost.",
    live: "Connected: events are shown as they are committed.",
    crowded:
      "This browser has as many live feeds with different filters open as it may. Close one of " +
      "them and this one begins.",
    stopped: "The feed has ended.",
    paused: "What comes meanwhile waits, in order.",
  },
  next: "Next event",
  previous: "Previous event",
  pause: "Pause",
  resume: "Resume",
  resumeWith: (n: number) => `Resume (${count(n)} waiting)`,
  toTop: (n: number) => `${plural(n, "new event", "new events")}: back to the top`,
  since: (n: number) => `${plural(n, "event", "events")} since you opened this page`,
  list: "Live events, newest first",
  inExplorer: "Open in Explorer",
  earlier: "Before you opened this page",
  quiet: "Nothing has happened yet",
  quietText: "Events are shown here the moment they are committed.",
  quietFiltered:
    "Nothing that matches has happened yet. Others may be happening: clear the filter to see " +
    "all.",
  dropped: (n: number) =>
    `${plural(n, "older event is", "older events are")} no longer shown: the newest ` +
    `${count(1000)} are kept here.`,
  gaps: {
    slow: (n: number) =>
      `${plural(n, "event", "events")} came faster than they could be brought here. Explorer ` +
      "has them.",
    unknown:
      "Some events may be missing here: this page was away for longer than the log goes back.",
  },
  notices: {
    detection: (rule: string, group: string) => (group === "" ? rule : `${rule}: ${group}`),
    detectionCount: (n: number) => plural(n, "event", "events"),
    look: "Look at it",
    severities: {
      critical: "Critical",
      high: "High",
      medium: "Medium",
      low: "Low",
      informational: "Informational",
    } as Record<string, string>,
  },
} as const;
