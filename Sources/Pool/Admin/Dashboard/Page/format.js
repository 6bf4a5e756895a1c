// Numbers as people read them.

const digits = (value) => (value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2));

const scaled = (value, units) => {
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return digits(value) + units[unit];
};

const rates = [" H/s", " kH/s", " MH/s", " GH/s", " TH/s", " PH/s", " EH/s", " ZH/s"];

export const hashrate = (value) => (value ? scaled(value, rates) : "0 H/s");

export const count = (value) => value.toLocaleString("en");

export const difficulty = (value) => {
  if (value == null) return "–";
  return value >= 10000 ? scaled(value, ["", " k", " M", " G", " T", " P", " E"]) : (Number.isInteger(value) ? count(value) : Number(value.toPrecision(3)).toString());
};

export const percent = (ratio) => {
  const value = 100 * ratio;
  return (value >= 1000 ? count(Math.round(value)) : value === 0 ? "0" : value < 0.01 ? "< 0.01" : digits(value)) + " %";
};

export const duration = (seconds) => {
  if (seconds == null || !isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const pair = (large, unit, small, below) => `${large} ${unit}` + (small ? ` ${small} ${below}` : "");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86400) return pair(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  if (whole < 31557600) return pair(Math.floor(whole / 86400), "d", Math.floor((whole % 86400) / 3600), "h");
  return scaled(whole / 31557600, [" y", " ky", " My", " Gy"]);
};

export const now = () => Date.now() / 1000;

export const ago = (time) => {
  if (time == null) return "–";
  const age = now() - time;
  const [size, unit] = age < 60 ? [1, "s"] : age < 3600 ? [60, "min"] : age < 86400 ? [3600, "h"] : [86400, "d"];
  return `${Math.max(0, Math.floor(age / size))} ${unit} ago`;
};

/** A time of the day, or a date where the axis spans days. */
export const clock = (time, byDay) => new Date(time * 1000).toLocaleString("en-GB",
  byDay ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" });

export const moment = (time) => new Date(time * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** An amount in a chain's smallest unit, a number or its digits as text, in whole coins. Wei fit no number of JavaScript. */
export const coins = (units, decimals) => {
  let value = BigInt(units);
  const sign = value < 0n ? "-" : "";
  if (value < 0n) value = -value;
  const text = value.toString().padStart(decimals + 1, "0");
  const [whole, all] = [text.slice(0, text.length - decimals), text.slice(text.length - decimals).replace(/0+$/, "")];
  const fraction = all.slice(0, 8).replace(/0+$/, "");
  if (all && whole === "0" && !fraction) return "< 0.00000001";
  return sign + whole + (fraction ? "." + fraction : "");
};

export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

export const total = (counts) => Object.values(counts).reduce((sum, value) => sum + value, 0);

/** An address or a hash is known by its ends. */
export const short = (text, ends = 6) => (text.length > 2 * ends + 3 ? `${text.slice(0, ends + 2)}…${text.slice(-ends)}` : text);
