/** This tab's topics by name, so that two parts of a page that ask the same share one. */
import type { Item } from "./items";
import { Topic } from "./topic";

const topics = new Map<string, Topic>();

/**
 * Listens until what it answers is called. `owner` is whose cursors they are: another person or
 * organization has a topic of its own.
 */
export function listenTo(
  owner: string,
  pairs: readonly [string, string][],
  listener: (item: Item) => void,
): () => void {
  const name = `trailkeeper-live:${owner}:${new URLSearchParams([...pairs]).toString()}`;
  const topic = topics.get(name) ?? new Topic(name, pairs);
  topics.set(name, topic);
  const end = topic.subscribe(listener);
  return () => {
    end();
    if (topic.isIdle) {
      topics.delete(name);
    }
  };
}
