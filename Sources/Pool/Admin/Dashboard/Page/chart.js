import { el, svg } from "./dom.js";
import { clock, moment } from "./format.js";

const margin = { top: 12, right: 4, bottom: 24, left: 66 };

/** Round steps that divide the axis into at most `most` parts; bars count what comes whole. */
const steps = (top, most, isWhole) => {
  const raw = isWhole ? Math.max(1, top / most) : top / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = (isWhole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).map((factor) => factor * power).find((size) => size >= raw * 0.999);
  return Array.from({ length: Math.ceil(top / step - 0.001) + 1 }, (_, index) => index * step);
};

const timeSteps = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000];

/**
 * A chart over time: a curve, or stacked bars. It is drawn at the width it has, so that text keeps its size on a phone.
 *
 * `data`: {from, to, span, points: [{time, values}], names, marks: [{time, text}]}; a curve has one value per point.
 */
export const chart = ({ label, format, height = 230, bars = false, empty = "nothing yet" }) => {
  const tip = el("div", { class: "tip", hidden: true });
  const root = el("figure", { class: "chart" });
  let data = null;
  let width = 0;

  const sum = (point) => point.values.reduce((total, value) => total + value, 0);

  function draw() {
    if (!data || !width) return;
    const { from, to, span, points, marks = [] } = data;
    tip.hidden = true;
    const top = Math.max(0, ...points.map(sum));
    if (!top) return root.replaceChildren(el("p", { class: "empty" }, empty));
    const ticks = steps(top, height > 180 ? 4 : 3, bars);
    const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
    const x = (time) => margin.left + ((time - from) / (to - from)) * inner.width;
    const y = (value) => margin.top + (1 - value / ticks[ticks.length - 1]) * inner.height;
    const parts = [];

    for (const tick of ticks) {
      parts.push(svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }));
      parts.push(svg("text", { x: margin.left - 8, y: y(tick) + 4, "text-anchor": "end" }, format(tick).replace(/\.0+(?= |$)/, "")));
    }
    const step = timeSteps.find((size) => (to - from) / size <= inner.width / 60) ?? timeSteps[timeSteps.length - 1];
    const offset = new Date(to * 1000).getTimezoneOffset() * 60;
    for (let time = Math.ceil((from - offset) / step) * step + offset; time <= to; time += step) {
      if (x(time) < margin.left + 12 || x(time) > width - margin.right - 14) continue;
      parts.push(svg("text", { x: x(time), y: height - 6, "text-anchor": "middle" }, clock(time, step >= 86400)));
    }

    if (bars) {
      const wide = Math.max(1, (span / (to - from)) * inner.width - 1.5);
      for (const point of points) {
        let base = 0;
        point.values.forEach((value, index) => {
          if (!value) return;
          const left = x(point.time) + 0.75;
          parts.push(svg("rect", { class: `s${Math.min(index, 5)}`, x: left, width: Math.max(1, Math.min(wide, width - margin.right - left)), y: y(base + value),
            height: Math.max(0.5, y(base) - y(base + value)), rx: 1 }));
          base += value;
        });
      }
    } else if (points.length) {
      const path = points.map((point) => `${x(point.time).toFixed(1)},${y(sum(point)).toFixed(1)}`);
      const first = x(points[0].time).toFixed(1), last = x(points[points.length - 1].time).toFixed(1);
      parts.push(svg("path", { class: "area", d: `M${first},${y(0)}L${path.join("L")}L${last},${y(0)}Z` }));
      parts.push(svg("path", { class: "curve", d: `M${path.join("L")}` }));
      if (points.length === 1) parts.push(svg("circle", { class: "point", cx: first, cy: y(sum(points[0])), r: 4 }));
    }
    for (const mark of marks) {
      if (mark.time < from || mark.time > to) continue;
      const at = x(mark.time), base = y(0);
      parts.push(svg("path", { class: "mark", d: `M${at},${base - 5}l4,5l-4,5l-4,-5z` }, svg("title", {}, mark.text)));
    }

    const cursor = svg("line", { class: "cursor", y1: margin.top, y2: margin.top + inner.height, visibility: "hidden" });
    const dot = svg("circle", { class: "point", r: 4.5, visibility: "hidden" });
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label }, ...parts, cursor, dot);
    const centre = (point) => x(point.time + (bars ? span / 2 : 0));
    picture.addEventListener("pointermove", (event) => {
      const at = event.clientX - picture.getBoundingClientRect().left;
      const near = points.reduce((best, point) => (Math.abs(centre(point) - at) < Math.abs(centre(best) - at) ? point : best));
      const place = centre(near);
      for (const [name, value] of [["x1", place], ["x2", place], ["visibility", "visible"]]) cursor.setAttribute(name, value);
      if (!bars) for (const [name, value] of [["cx", place], ["cy", y(sum(near))], ["visibility", "visible"]]) dot.setAttribute(name, value);
      const lines = bars ? near.values.map((value, index) => value && `${data.names[index]} ${format(value)}`).filter(Boolean) : [format(sum(near))];
      tip.replaceChildren(...[moment(near.time), ...(lines.length ? lines : ["none"])].map((line) => el("div", {}, line)));
      tip.hidden = false;
      tip.style.left = `${Math.min(Math.max(0, place - tip.offsetWidth / 2), width - tip.offsetWidth)}px`;
    });
    picture.addEventListener("pointerleave", () => {
      tip.hidden = true;
      for (const part of [cursor, dot]) part.setAttribute("visibility", "hidden");
    });
    root.replaceChildren(picture, tip);
  }

  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = Math.floor(entry.contentRect.width);
    draw();
  }).observe(root);
  return { root, show(next) { data = next; draw(); } };
};
