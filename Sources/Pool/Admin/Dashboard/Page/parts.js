import { el, table } from "./dom.js";
import * as show from "./format.js";

const kinds = {
  good: ["ready", "working", "confirmed", "accepted", "immature", "payable"],
  warn: ["connecting", "waiting", "starting", "starved", "stalled", "found", "submitted", "uncle"],
  bad: ["failed", "down", "wrong-chain", "stale", "rejected", "orphaned", "reversed"],
};

const kindOf = (name) => Object.keys(kinds).find((kind) => kinds[kind].includes(name)) ?? "";

export const state = (name) => el("span", { class: "state " + kindOf(name) }, name);

export const accountPath = (account) => "/account/" + encodeURIComponent(account);

/** `ACCOUNT.WORKER` with the way to the account's page. */
export const miner = (name) => {
  if (!name) return "–";
  const dot = name.indexOf(".");
  const [account, worker] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
  return [el("a", { href: accountPath(account), title: name, class: "mono" }, show.short(account)), worker];
};

export const hash = (text) => el("span", { class: "mono", title: text }, show.short(text));

export const effort = (value) => {
  if (value == null) return "–";
  return el("span", { class: value <= 1 ? "good" : value > 2 ? "warn" : "", title: `luck ${show.percent(1 / value)}` }, show.percent(value));
};

export const workersTable = (isAccount) => {
  const rows = table([["worker", "name"], ["1 min", "number"], ["1 h", "number wide"], ["1 d", "number wide"], ["accepted", "number"], ["refused", "number"],
    ["difficulty", "number wide"], ["best share", "number wide"], ["last share", "number"]], "no worker has sent a share yet");
  const name = (row) => (isAccount ? row.worker || "(no name)" : miner(row.worker ? `${row.account}.${row.worker}` : row.account));
  return {
    root: rows.root,
    show(workers) {
      rows.show(workers.map((row) => {
        const refused = show.total(row.rejected);
        const reasons = Object.entries(row.rejected).map(([reason, number]) => `${reason} ${show.count(number)}`).join(", ");
        return [name(row), show.hashrate(row.hashrate["1m"]), show.hashrate(row.hashrate["1h"]), show.hashrate(row.hashrate["1d"]),
          show.count(row.accepted), el("span", { title: reasons, class: refused * 20 > row.accepted ? "warn" : "" }, show.count(refused)),
          show.difficulty(row.difficulty), show.difficulty(row.bestShare), show.ago(row.lastShare)];
      }));
    },
  };
};

export const anchor = (chain, hash) => `block-${chain}-${hash}`;

/** The blocks of the parent chain, with the ways to those that the same header solved elsewhere. */
export const blocksTable = (page = "") => {
  const rows = table([["height", "number"], ["found"], ["by", "wide"], ["effort", "number"], ["reward", "number"], ["state"], ["also solved"], ["hash", "wide"]],
    "no block was found yet");
  return {
    root: rows.root,
    show(blocks, auxiliary) {
      rows.show(blocks.map((row) => {
        const also = auxiliary.filter((other) => other.parentHash === row.hash);
        const links = also.map((other) => el("a", { class: "chip", href: `${page}#${anchor(other.chain, other.hash)}` }, `${other.chain} ${show.count(other.height)}`));
        return { id: anchor("parent", row.hash), cells: [show.count(row.height), el("span", { title: show.moment(row.time) }, show.ago(row.time)),
          miner(row.worker), effort(row.effort), show.coins(row.reward, 8), state(row.state), links.length ? links : "–", hash(row.hash)] };
      }));
    },
  };
};

export const auxiliaryBlocksTable = () => {
  const rows = table([["chain"], ["height", "number"], ["found", "wide"], ["by", "wide"], ["reward", "number"], ["state"], ["parent header"], ["node's answer", "wide"]],
    "no block of an auxiliary chain was found yet");
  return {
    root: rows.root,
    show(auxiliary, blocks, decimals) {
      rows.show(auxiliary.map((row) => {
        const parent = blocks.find((block) => block.hash === row.parentHash);
        const link = parent ? el("a", { class: "chip", href: "#" + anchor("parent", parent.hash) }, `block ${show.count(parent.height)}`) : hash(row.parentHash);
        return { id: anchor(row.chain, row.hash), cells: [row.chain, show.count(row.height), el("span", { title: show.moment(row.time) }, show.ago(row.time)),
          miner(row.worker), show.coins(row.reward, decimals(row.chain)), state(row.state), link, row.answer] };
      }));
    },
  };
};
