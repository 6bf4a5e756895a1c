import { on } from "./api.js";
import { card, el, table, tile } from "./dom.js";
import * as show from "./format.js";
import { historyCards } from "./history.js";
import { auxiliaryBlocksTable, blocksTable, effort, state, workersTable } from "./parts.js";

/** The page at `/`: the whole pool. */
export const poolPage = (page) => {
  const tiles = { hashrate: tile("Hashrate"), shares: tile("Accepted shares"), miners: tile("Miners"), round: tile("Round"), blocks: tile("Blocks") };
  const history = historyCards(null);
  const nodes = table([["node", "name"], ["state"], ["height", "number wide"], ["trouble", "text"]], "no node is configured");
  const chains = table([["chain"], ["state"], ["height", "number"], ["work", "number"], ["found", "number wide"], ["accepted", "number"], ["lost", "number"],
    ["trouble", "text"]], "no auxiliary chain is configured");
  const workers = workersTable(false);
  const blocks = blocksTable();
  const auxiliary = auxiliaryBlocksTable();
  const rounds = table([["chain"], ["round", "number"], ["closed", "wide"], ["took", "number wide"], ["effort", "number"], ["luck", "number wide"],
    ["reward", "number"], ["scheme", "wide"], ["state"]], "no round is closed yet");
  const seen = { blocks: [], auxiliary: [], kinds: {} };
  const shown = el("span", { class: "soft" });

  page.replaceChildren(
    el("div", { class: "tiles" }, Object.values(tiles).map((item) => item.root)),
    ...history.roots,
    card("Nodes", { class: "half", id: "nodes" }, null, nodes.root),
    card("Auxiliary chains", { id: "chains" }, null, chains.root),
    card("Workers", { id: "workers" }, shown, workers.root),
    card("Blocks", { id: "blocks" }, null, blocks.root),
    card("Auxiliary blocks", { id: "auxiliary" }, null, auxiliary.root),
    card("Rounds", { id: "rounds" }, null, rounds.root),
  );

  let wanted = location.hash;
  const drawBlocks = () => {
    blocks.show(seen.blocks, seen.auxiliary);
    auxiliary.show(seen.auxiliary, seen.blocks, (chain) => (seen.kinds[chain] === "rsk" ? 18 : 8));
    history.mark(seen.blocks.map((row) => ({ time: row.time, text: `block ${show.count(row.height)}` })));
    // The browser looked for the row that the address names before there was one.
    if (!wanted || !document.getElementById(wanted.slice(1))) return;
    location.hash = "";
    location.hash = wanted;
    wanted = "";
  };

  on("status", (status) => {
    const refused = show.total(status.rejected);
    tiles.hashrate.show(show.hashrate(status.hashrate["1m"]), `1 h ${show.hashrate(status.hashrate["1h"])}, 1 d ${show.hashrate(status.hashrate["1d"])}`);
    tiles.shares.show(show.count(status.accepted), refused ? `${show.count(refused)} refused, ${show.percent(refused / (refused + status.accepted))}` : "none refused");
    tiles.miners.show(show.count(status.connections), show.plural(status.workers, "worker", "workers") + " active");
    tiles.round.show(status.effort == null ? "–" : show.percent(status.effort),
      status.expectedSeconds == null ? "effort" : `effort; a block in about ${show.duration(status.expectedSeconds)}`);
    const found = status.auxiliaries.reduce((sum, chain) => sum + chain.accepted, 0);
    tiles.blocks.show(status.blocks == null ? "–" : show.count(status.blocks), [status.luck == null ? null : `luck ${show.percent(status.luck)}`,
      status.auxiliaries.length ? `${show.count(found)} auxiliary` : null].filter(Boolean).join(", "));
    nodes.show(status.nodes.map((node) => [
      [node.url, node.active ? el("span", { class: "soft" }, " (mined on)") : ""], state(node.state), node.height == null ? "–" : show.count(node.height), node.lastError ?? ""]));
    chains.show(status.auxiliaries.map((chain) => [chain.name, state(chain.state), chain.height == null ? "–" : show.count(chain.height),
      chain.workAge == null ? "–" : show.duration(chain.workAge) + " old", show.count(chain.found), show.count(chain.accepted),
      show.count(chain.uncle + chain.stale + chain.rejected),
      chain.neededDifficulty == null ? chain.lastError ?? "" : `share difficulty ${show.difficulty(chain.neededDifficulty)} would show its solutions`]));
    const kinds = Object.fromEntries(status.auxiliaries.map((chain) => [chain.name, chain.kind]));
    if (JSON.stringify(kinds) !== JSON.stringify(seen.kinds)) { seen.kinds = kinds; drawBlocks(); }
  });
  on("workers", ({ total, rows }) => {
    shown.textContent = total > rows.length ? `the ${rows.length} fastest of ${show.count(total)}` : "";
    workers.show(rows);
  });
  on("blocks", (rows) => { seen.blocks = rows; drawBlocks(); });
  on("auxiliary-blocks", (rows) => { seen.auxiliary = rows; drawBlocks(); });
  on("rounds", (rows) => rounds.show(rows.map((row) => [row.chain, show.count(row.round), el("span", { title: show.moment(row.to) }, show.ago(row.to)),
    show.duration(row.to - row.from), effort(row.effort), row.effort > 0 ? show.percent(1 / row.effort) : "–", show.coins(row.reward, row.decimals), row.scheme, state(row.state)])));
  return history.refresh;
};
