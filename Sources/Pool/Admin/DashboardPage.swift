/// The page at `/`: the status, the workers and the blocks, read from `/api/v1` every two seconds.
///
/// It loads nothing from elsewhere. What miners and nodes say reaches it as text only, never as markup.
enum DashboardPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Motherlode</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/dashboard.css">
        <script src="/dashboard.js" defer></script>
        </head>
        <body>
        <header>
        <h1>Motherlode</h1>
        <p id="summary">connecting…</p>
        </header>
        <main>
        <section class="figures" aria-label="figures">
        <div><h2>hashrate</h2><strong id="hashrate">–</strong><span id="hashrates"></span></div>
        <div><h2>shares</h2><strong id="accepted">–</strong><span id="rejected"></span></div>
        <div><h2>miners</h2><strong id="connections">–</strong><span id="active"></span></div>
        <div><h2>blocks</h2><strong id="blocks">–</strong><span id="expected"></span></div>
        </section>
        <section><h2>Nodes</h2>
        <table id="nodes"><thead><tr><th>node</th><th>state</th><th class="number">height</th><th>last error</th></tr></thead><tbody></tbody></table>
        </section>
        <section><h2>Workers</h2>
        <table id="workers"><thead><tr><th>worker</th><th class="number">1 min</th><th class="number">1 h</th>
        <th class="number">accepted</th><th class="number">rejected</th><th>last share</th></tr></thead><tbody></tbody></table>
        </section>
        <section><h2>Blocks</h2>
        <table id="found"><thead><tr><th class="number">height</th><th>found</th><th>state</th><th>worker</th><th>hash</th></tr></thead><tbody></tbody></table>
        </section>
        </main>
        <footer id="footer"></footer>
        </body>
        </html>

        """

    static let style = """
        :root { color-scheme: light dark; --line: light-dark(#d8dce2, #343a43); --soft: light-dark(#5a6472, #9aa5b4);
          --page: light-dark(#f7f8fa, #14171c); --card: light-dark(#fff, #1c2027); --bad: light-dark(#b3261e, #ff8a80); }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 68rem; padding: 1rem; background: var(--page); font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.4rem; margin: 0; }
        h2 { font-size: .8rem; font-weight: 600; margin: 0 0 .3rem; color: var(--soft); }
        p, footer, .figures span { color: var(--soft); margin: 0; }
        section { margin-top: 1.2rem; overflow-x: auto; }
        .figures { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
        .figures div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem; }
        .figures strong { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        table { width: 100%; border-collapse: collapse; background: var(--card); font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
        td { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; }
        th { font-size: .8rem; color: var(--soft); font-weight: 600; }
        .number { text-align: right; }
        .bad { color: var(--bad); }
        footer { margin: 1.5rem 0; font-size: .85rem; }

        """
}
