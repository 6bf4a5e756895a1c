import { accountPage } from "./account.js";
import { listen, on } from "./api.js";
import { byId, el } from "./dom.js";
import * as show from "./format.js";
import { accountPath } from "./parts.js";
import { poolPage } from "./pool.js";

const page = byId("page");
const match = location.pathname.match(/^\/account\/([^/]+)$/);
const refresh = match ? accountPage(page, decodeURIComponent(match[1])) : poolPage(page);

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  // People paste what their miner is told: the worker's name ends the address.
  const account = new FormData(event.target).get("account").trim().split(/[._]/)[0];
  if (account) location.assign(accountPath(account));
});

const live = (text, kind) => {
  byId("live").textContent = text;
  byId("live").className = "state " + kind;
};
/** What keeps the pool from telling its figures, and what is wrong with the ledger. */
let failure = null;
let ledger = null;
const trouble = (text) => {
  if ((text ?? "") === (byId("trouble")?.textContent ?? "")) return;
  byId("trouble")?.remove();
  if (text) page.prepend(el("section", { class: "card", id: "trouble", role: "alert" }, el("p", { class: "bad" }, text)));
};
const draw = () => refresh().catch((error) => trouble(error.message));

on("connected", (connected) => live(connected ? "live" : "reconnecting", connected ? "good" : "warn"));
on("trouble", (value) => {
  failure = value?.message ?? null;
  trouble(failure ?? ledger);
});
on("status", (status) => {
  const height = status.height == null ? "no node has told its height" : `height ${show.count(status.height)}`;
  byId("summary").textContent = `${status.chain}, ${height}, up ${show.duration(status.uptime)}`;
  document.title = `${show.hashrate(status.hashrate["1m"])}, Motherlode`;
  const relaxed = status.ledger.durability === "full" ? "" : " (shares may be lost in a power cut)";
  byId("footer").textContent = `Motherlode ${status.version}, hashing with ${status.engine}, ledger ${status.ledger.durability}${relaxed}`;
  ledger = status.ledger.failure ?? status.ledger.trouble;
  trouble(failure ?? ledger);
});

draw();
setInterval(() => document.visibilityState === "visible" && draw(), 20000);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && draw());
listen();
