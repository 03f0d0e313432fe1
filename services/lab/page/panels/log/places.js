// A place of its own for each partition of a group: what is typed, and that as the lab takes it.
// Needs the frame's groups; pure functions.

/** What is typed is kept by topic and partition: {"0 rides": "earliest"}. */
export const key_of = ({ topic, partition }) => `${partition} ${topic}`;

/** The partitions of a group, of one topic where `topic` is one: each with the log's ends. */
export function partitions_of(frame, group, topic = '') {
  return Object.entries(frame?.groups?.[group]?.topics ?? {})
    .filter(([name]) => topic === '' || name === topic)
    .flatMap(([name, partitions]) =>
      partitions.map((one, partition) => ({ topic: name, partition, ...one })),
    );
}

/** [{topic, partition, to}] of those partitions for which something is typed. */
export function places_of(typed) {
  return Object.entries(typed ?? {})
    .filter(([, to]) => to.trim() !== '')
    .map(([key, to]) => {
      const [, partition, topic] = /^(\d+) (.*)$/s.exec(key);
      return { topic, partition: Number(partition), to: to.trim() };
    });
}

/** The same text, or what `text_of` gives, for each of `rows`. */
export function filled(typed, rows, text_of) {
  return { ...typed, ...Object.fromEntries(rows.map((one) => [key_of(one), text_of(one)])) };
}
