import { read } from "./api.js";
import { chart } from "./chart.js";
import { card, el } from "./dom.js";
import { count, hashrate, now, percent, total } from "./format.js";

/** What can be looked at: the length, the ledger's windows that it is made of, and how many of them make a point. */
const ranges = [
  { name: "1 h", length: 3600, span: 60, join: 1 },
  { name: "6 h", length: 21600, span: 60, join: 5 },
  { name: "1 d", length: 86400, span: 60, join: 15 },
  { name: "1 w", length: 604800, span: 3600, join: 1 },
  { name: "90 d", length: 7776000, span: 86400, join: 1 },
];

/** Adds windows up to points of the same length, from the first window on; a gap is a time without shares. */
const gather = (windows, range, to) => {
  const size = range.span * range.join;
  const sums = new Map();
  for (const window of windows) {
    const time = Math.floor(window.start / size) * size;
    const sum = sums.get(time) ?? { time, weight: 0, accepted: 0, rejected: {} };
    sum.weight += Number(window.weight);
    sum.accepted += window.accepted;
    for (const [reason, number] of Object.entries(window.rejected)) sum.rejected[reason] = (sum.rejected[reason] ?? 0) + number;
    sums.set(time, sum);
  }
  const points = [];
  const first = Math.min(...sums.keys());
  for (let time = first; time < to; time += size) points.push(sums.get(time) ?? { time, weight: 0, accepted: 0, rejected: {} });
  return { size, points };
};

/** The hashrate and the refused shares over time, of the pool or of one account. */
export const historyCards = (account) => {
  let range = ranges[0];
  /** Null until they are read: a chart that says "nothing" then would be wrong. */
  let windows = null;
  /** The length that they were read for. */
  let shown = null;
  let marks = [];
  const hashes = chart({ label: "hashrate over time", format: hashrate, empty: "no accepted share in this time" });
  const refused = chart({ label: "refused shares over time", format: (value) => count(Math.round(value)), height: 150, bars: true, empty: "no share was refused in this time" });
  const legend = el("ul", { class: "legend" });
  const rate = el("span", { class: "soft" });
  const buttons = ranges.map((item) => el("button", { type: "button", "aria-pressed": String(item === range), onclick: () => choose(item) }, item.name));

  const choose = (item) => {
    range = item;
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(ranges[index] === item)));
    return refresh();
  };

  const draw = () => {
    if (!windows) return;
    const to = now();
    const { size, points } = gather(windows, range, to);
    // A young pool fills the chart too.
    const from = Math.max(to - range.length, Math.min(points.length ? points[0].time : 0, to - 10 * size));
    const frame = { from, to, span: size, marks };
    // The window under way is scaled by the part of it that is over; a few seconds tell nothing.
    const rates = points.filter((point) => to - point.time >= size / 3 || points.length === 1)
      .map((point) => ({ time: point.time, values: [point.weight / Math.min(size, to - point.time)] }));
    hashes.show({ ...frame, points: rates });

    const sums = {};
    for (const point of points) for (const [reason, number] of Object.entries(point.rejected)) sums[reason] = (sums[reason] ?? 0) + number;
    const names = Object.keys(sums).filter((name) => sums[name]).sort((left, right) => sums[right] - sums[left]);
    refused.show({ ...frame, marks: [], names, points: points.map((point) => ({ time: point.time, values: names.map((name) => point.rejected[name] ?? 0) })) });
    const all = points.reduce((sum, point) => sum + point.accepted, 0) + total(sums);
    rate.textContent = all ? `${percent(total(sums) / all)} of ${count(all)} shares` : "";
    legend.replaceChildren(...names.map((name, index) => el("li", {}, el("span", { class: `swatch s${Math.min(index, 5)}` }), name,
      el("span", { class: "count" }, `${count(sums[name])} `, el("span", { class: "soft" }, percent(sums[name] / all))))));
  };

  const refresh = async () => {
    const wanted = range;
    const from = Math.floor(now() - wanted.length);
    // What is over stays as it is; shares reach their window some seconds late, those of another pool on the same ledger a little later.
    const known = shown === wanted ? windows : [];
    const since = Math.max(from, ...known.map((window) => window.start - Math.max(2 * wanted.span, 600)));
    const who = account ? "&account=" + encodeURIComponent(account) : "";
    const rows = await read(`shares?span=${wanted.span}&since=${since}${who}`);
    if (wanted !== range) return;
    windows = [...rows, ...known.filter((window) => window.start >= from && window.start < since)];
    shown = wanted;
    draw();
  };

  return {
    roots: [
      card("Hashrate", {}, el("div", { class: "ranges", role: "group", "aria-label": "time span" }, buttons), hashes.root),
      card("Refused shares", { class: "half", id: "refused" }, rate, refused.root, legend),
    ],
    refresh,
    mark(blocks) { marks = blocks; draw(); },
  };
};
