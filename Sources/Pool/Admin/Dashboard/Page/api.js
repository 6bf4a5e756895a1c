/** Reads a JSON value of the API. */
export const read = async (path) => {
  const response = await fetch("/api/v1/" + path);
  const value = await response.json();
  if (!response.ok) throw new Error(value.error?.message ?? response.statusText);
  return value;
};

const listeners = new Map();
let source = null;
let retry = 0;

/** Calls back with each value of a topic that the pool sends. */
export const on = (topic, listener) => listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);

const tell = (topic, value) => (listeners.get(topic) ?? []).forEach((listener) => listener(value));

const topics = ["status", "workers", "blocks", "auxiliary-blocks", "rounds", "trouble"];

/** Listens until the page is hidden, and again when it is shown: nobody pays for a page that nobody sees. */
export const listen = () => {
  const open = () => {
    clearTimeout(retry);
    source?.close();
    source = new EventSource("/api/v1/events");
    source.onopen = () => tell("connected", true);
    source.onerror = () => {
      tell("connected", false);
      // The browser tries again by itself unless the answer was no stream.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 5000);
    };
    for (const topic of topics) source.addEventListener(topic, (event) => tell(topic, JSON.parse(event.data)));
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return open();
    clearTimeout(retry);
    source.close();
  });
  open();
};
