extension DashboardPage {
    static let script = """
        "use strict";
        const $ = (id) => document.getElementById(id);
        const show = (id, text) => { $(id).textContent = text; };
        const scale = (value, units, step) => {
          let unit = 0;
          while (value >= step && unit < units.length - 1) { value /= step; unit += 1; }
          return (value >= 100 || unit === 0 && value === Math.round(value) ? value.toFixed(0) : value.toPrecision(3)) + units[unit];
        };
        const hashrate = (value) => scale(value || 0, [" H/s", " kH/s", " MH/s", " GH/s", " TH/s", " PH/s", " EH/s", " ZH/s"], 1000);
        const count = (value) => value.toLocaleString("en");
        const span = (seconds) => {
          if (seconds == null || !isFinite(seconds)) return "–";
          const units = [[31557600, "y"], [86400, "d"], [3600, "h"], [60, "min"]];
          for (const [size, name] of units) if (seconds >= size) return (seconds / size).toPrecision(seconds >= 100 * size ? 4 : 2) + " " + name;
          return Math.max(0, Math.round(seconds)) + " s";
        };
        const ago = (time) => time == null ? "–" : span(Date.now() / 1000 - time) + " ago";
        const sum = (counts) => Object.values(counts).reduce((total, value) => total + value, 0);
        const reasons = (counts) => Object.entries(counts).filter(([, value]) => value > 0).map(([name, value]) => name + " " + count(value)).join(", ");

        function fill(id, rows, empty) {
          const body = $(id).tBodies[0];
          const columns = [...$(id).tHead.rows[0].cells];
          const lines = rows.length ? rows : [[empty]];
          body.replaceChildren(...lines.map((cells) => {
            const row = document.createElement("tr");
            cells.forEach((cell, index) => {
              const data = row.insertCell();
              data.textContent = cell;
              data.title = cell;
              if (rows.length) data.className = columns[index].className; else data.colSpan = columns.length;
            });
            return row;
          }));
        }

        async function read(path) {
          const response = await fetch("/api/v1/" + path);
          const value = await response.json();
          if (!response.ok) throw new Error(value.error ? value.error.message : response.statusText);
          return value;
        }

        async function refresh() {
          try {
            const [status, workers, blocks] = await Promise.all([read("status"), read("workers"), read("blocks?limit=20")]);
            const height = status.height == null ? "no node has told its height" : "height " + count(status.height);
            show("summary", `${status.chain}, ${height}, up ${span(status.uptime)}`);
            $("summary").className = "";
            show("hashrate", hashrate(status.hashrate["1m"]));
            show("hashrates", ["1h", "1d"].map((name) => `${name} ${hashrate(status.hashrate[name])}`).join(", "));
            show("accepted", count(status.accepted));
            show("rejected", sum(status.rejected) === 0 ? "none rejected" : `${count(sum(status.rejected))} rejected: ${reasons(status.rejected)}`);
            show("connections", count(status.connections));
            show("active", `${count(status.workers)} workers active`);
            show("blocks", count(status.blocks));
            show("expected", status.expectedSeconds == null ? "" : `one in about ${span(status.expectedSeconds)}`
              + (status.effort == null ? "" : `, effort ${Math.round(100 * status.effort)} %`));
            fill("nodes", status.nodes.map((node) => [node.url, node.state, node.height == null ? "–" : count(node.height), node.lastError || ""]),
              "no node is configured");
            workers.sort((left, right) => (right.hashrate["1m"] || 0) - (left.hashrate["1m"] || 0));
            fill("workers", workers.slice(0, 100).map((row) => [row.worker ? row.account + "." + row.worker : row.account, hashrate(row.hashrate["1m"]),
              hashrate(row.hashrate["1h"]), count(row.accepted), count(sum(row.rejected)), ago(row.lastShare)]), "no worker has sent a share yet");
            fill("found", blocks.map((row) => [count(row.height), ago(row.time), row.state, row.worker, row.hash]), "no block was found yet");
            const relaxed = status.ledger.durability === "full" ? "" : " (shares may be lost in a power cut)";
            show("footer", `version ${status.version}, hashing with ${status.engine}, ledger ${status.ledger.durability}${relaxed}`);
          } catch (error) {
            show("summary", "no answer from the pool: " + error.message);
            $("summary").className = "bad";
          }
          setTimeout(refresh, 2000);
        }
        refresh();

        """
}
