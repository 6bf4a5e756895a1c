import { on, read } from "./api.js";
import { card, el, table, tile } from "./dom.js";
import * as show from "./format.js";
import { historyCards } from "./history.js";
import { blocksTable, workersTable } from "./parts.js";

const sum = (workers, value) => workers.reduce((total, worker) => total + (value(worker) ?? 0), 0);

/** The page at `/account/ADDRESS`: what a miner wants to know. */
export const accountPage = (page, account) => {
  const tiles = { hashrate: tile("Hashrate"), shares: tile("Accepted shares"), workers: tile("Workers"), best: tile("Best share") };
  const history = historyCards(account);
  const balances = table([["chain"], ["immature", "number"], ["payable", "number"], ["on its way", "number"], ["paid", "number"], ["paid to", "wide"]],
    "nothing is credited yet");
  const workers = workersTable(true);
  const blocks = blocksTable("/");
  const notice = el("section", { class: "card", id: "unknown", hidden: true },
    el("p", {}, "This address has sent no share yet. Give it to your miner as its user name, with a worker's name behind a dot: ", el("span", { class: "mono" }, account + ".rig1")));

  page.replaceChildren(
    el("section", {}, el("p", { class: "soft" }, "Account"), el("h1", { class: "mono", id: "account" }, account)),
    notice,
    el("div", { class: "tiles" }, Object.values(tiles).map((item) => item.root)),
    ...history.roots,
    card("Balances", { class: "half", id: "balances" }, null, balances.root),
    card("Workers", { id: "workers" }, null, workers.root),
    card("Blocks it found", { id: "blocks" }, null, blocks.root),
  );

  let busy = false;
  let readAt = 0;
  const refresh = async () => {
    if (busy || show.now() - readAt < 3) return;
    busy = true;
    try {
      const who = "?account=" + encodeURIComponent(account);
      const [rows, amounts] = await Promise.all([read("workers" + who), read("balances" + who)]);
      readAt = show.now();
      notice.hidden = rows.length > 0;
      const rate = (span) => sum(rows, (row) => row.hashrate[span]);
      const refused = sum(rows, (row) => show.total(row.rejected));
      const accepted = sum(rows, (row) => row.accepted);
      tiles.hashrate.show(show.hashrate(rate("1m")), `1 h ${show.hashrate(rate("1h"))}, 1 d ${show.hashrate(rate("1d"))}`);
      tiles.shares.show(show.count(accepted), refused ? `${show.count(refused)} refused, ${show.percent(refused / (refused + accepted))}` : "none refused");
      const active = rows.filter((row) => row.lastShare != null && show.now() - row.lastShare < 600).length;
      tiles.workers.show(show.count(rows.length), `${show.count(active)} active in the last ten minutes`);
      tiles.best.show(show.difficulty(Math.max(0, ...rows.map((row) => row.bestShare ?? 0)) || null), "difficulty");
      workers.show(rows.sort((left, right) => (right.hashrate["1m"] ?? 0) - (left.hashrate["1m"] ?? 0)));
      balances.show(amounts.map((row) => [row.chain, ...["immature", "payable", "sending", "paid"].map((name) => show.coins(row[name], row.decimals)),
        row.address == null ? el("span", { class: "warn" }, "no address") : el("span", { class: "mono", title: row.address }, show.short(row.address))]));
    } finally {
      busy = false;
    }
  };

  /** The pool's lists, which come by themselves, hold the newest of everybody: they say when to look for the account's own. */
  let looking = false;
  const refreshBlocks = async () => {
    if (looking) return;
    looking = true;
    try {
      const who = "?limit=200&account=" + encodeURIComponent(account);
      const [mine, auxiliary] = await Promise.all([read("blocks" + who), read("aux/blocks" + who)]);
      blocks.show(mine, auxiliary);
      history.mark(mine.map((row) => ({ time: row.time, text: `block ${show.count(row.height)}` })));
    } finally {
      looking = false;
    }
  };

  on("status", refresh);
  on("blocks", refreshBlocks);
  on("auxiliary-blocks", refreshBlocks);
  return () => Promise.all([history.refresh(), refresh(), refreshBlocks()]);
};
