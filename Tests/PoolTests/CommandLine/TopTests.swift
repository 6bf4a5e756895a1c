import JSON
import Testing

@testable import Pool

@Suite("poolctl top")
struct TopTests {
    private static func worker(_ name: String, rate: Double, accepted: Int, last: Int? = nil) -> JSONValue {
        [
            "account": .string(name), "worker": "rig", "accepted": JSONValue(accepted), "rejected": ["stale": 2], "difficulty": 1024,
            "lastShare": .optional(last), "hashrate": ["1m": .real(rate), "15m": .real(rate), "1h": .real(rate), "1d": .real(rate)],
            "bestShare": 65_500,
        ]
    }

    private static let figures: TopScreen.Figures = {
        var figures = TopScreen.Figures()
        figures.status = [
            "version": "1.2.3", "uptime": 4_000, "chain": "regtest", "height": 153, "connections": 3, "workers": 2,
            "hashrate": ["1m": 12.3e12, "5m": 12e12, "1h": 11e12, "1d": 10e12], "accepted": 1_000, "rejected": ["stale": 10], "blocks": 7,
            "effort": 0.73, "luck": 1.04, "expectedSeconds": 600, "bestShare": 1e6, "ledger": ["durability": "full", "pending": 0],
            "nodes": [["state": "ready", "active": true]],
            "auxiliaries": [["name": "namecoin", "state": "working", "height": 12, "accepted": 3]],
        ]
        figures.workers = [
            worker("carol", rate: 1e12, accepted: 30, last: 990), worker("alice", rate: 3e12, accepted: 10, last: 1_000),
            worker("bob", rate: 2e12, accepted: 20),
        ]
        figures.history = [1, 2, 3, 4, 5, 6, 7, 8]
        return figures
    }()

    private func screen(_ state: TopState = TopState(), columns: Int = 80, rows: Int = 24, colour: Bool = false) -> [String] {
        TopScreen(figures: Self.figures, state: state, columns: columns, rows: rows, style: Style(hasColour: colour), now: 1_000).lines
    }

    @Test func thePictureAtEightyColumns() {
        #expect(
            screen(rows: 16).joined(separator: "\n") == """
                Motherlode 1.2.3  regtest  height 153  up 1 h 6 min
                hashrate 12.3 TH/s  ▂▃▄▅▅▆▇█  5m 12.0 TH/s  1h 11.0 TH/s  1d 10.0 TH/s
                shares   1,000 accepted, 10 rejected (0.99 %)   miners 3   workers 2
                blocks   7 found, effort 73.0 %, luck 104 %, one in 10 min, best 1.00 M
                ledger   on disk before acknowledged, 0 waiting

                chain     state    height  blocks  trouble
                bitcoin   ready       153       7  –
                namecoin  working      12       3  –

                worker        1 min▼  accepted  rejected    best  last share
                alice.rig  3.00 TH/s        10         2  65.5 k  0 s ago
                bob.rig    2.00 TH/s        20         2  65.5 k  –
                carol.rig  1.00 TH/s        30         2  65.5 k  10 s ago

                3 workers, by hashrate   s sort  / filter  ? keys  q quit
                """
        )
    }

    @Test(arguments: [(80, 24), (140, 40), (40, 10), (20, 3), (200, 1)])
    func itNeverLeavesTheScreen(columns: Int, rows: Int) {
        for colour in [false, true] {
            let lines = screen(columns: columns, rows: rows, colour: colour)
            #expect(lines.count == rows)
            for line in lines { #expect(Self.visible(line) <= columns, "\(line)") }
        }
    }

    private static func visible(_ line: String) -> Int {
        var count = 0
        var isEscape = false
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { count += 1 }
            if isEscape, character.isLetter { isEscape = false }
        }
        return count
    }

    @Test(arguments: [
        ("", ["alice", "bob", "carol"]), ("h", ["carol", "bob", "alice"]), ("a", ["carol", "bob", "alice"]), ("aa", ["alice", "bob", "carol"]),
        ("n", ["alice", "bob", "carol"]), ("nn", ["carol", "bob", "alice"]), ("l", ["alice", "carol", "bob"]), ("s", ["carol", "bob", "alice"]),
        ("/AL\n", ["alice"]), ("/o", ["bob", "carol"]), ("/ob\u{7F}", ["bob", "carol"]), ("/al\u{1B}", ["alice", "bob", "carol"]),
        ("/zz\n", []),
    ])
    func keysSortAndFilter(typed: String, names: [String]) {
        var state = TopState()
        for key in TopState.keys(Array(typed.utf8)) { state.press(key) }
        #expect(TopScreen.chosen(Self.figures.workers, state).map { $0["account"]?.string } == names)
    }

    @Test(arguments: [
        ("q", [TopState.Key.character("q")]), ("\u{1B}[A\u{1B}[B", [.up, .down]), ("\u{1B}[5~x", [.pageUp, .character("x")]), ("\u{1B}", [.escape]),
        ("\u{1B}n", [.escape, .character("n")]), ("\u{1B}[1;5C?", [.character("?")]), ("\u{1B}[15~", []), ("ü", [.character("ü")]),
        ("\u{1}\u{3}", [.character("\u{3}")]),
    ])
    func keysAsTerminalsSendThem(bytes: String, keys: [TopState.Key]) {
        #expect(TopState.keys(Array(bytes.utf8)) == keys)
    }

    @Test(arguments: ["q", "\u{3}", "/abc\u{3}"])
    func itEnds(typed: String) {
        var state = TopState()
        for key in TopState.keys(Array(typed.utf8)) { state.press(key) }
        #expect(state.isOver)
    }

    @Test func scrollingStopsAtTheEnd() {
        var state = TopState()
        state.scroll = 1_000
        #expect(screen(state, rows: 14).contains { $0.hasPrefix("carol") })
        #expect(!screen(state, rows: 13).contains { $0.hasPrefix("alice") })
    }

    @Test func theHistoryHasEveryMinute() {
        let windows: [JSONValue] = [["start": 600, "weight": "36893488147419103232"], ["start": 480, "weight": 60]]
        // 540 had no share; 660 runs, so the pool's own figure stands for it.
        #expect(TopProgram.history(windows, status: ["hashrate": ["1m": 7.0]], now: 700) == [1, 0, 0x1p65 / 60, 7])
    }

    @Test func whatKeepsItFromAnsweringIsShown() {
        var figures = Self.figures
        figures.trouble = "the pool is gone"
        let lines = TopScreen(figures: figures, state: TopState(), columns: 80, rows: 24, style: Style(hasColour: false), now: 0).lines
        #expect(lines.last == "the pool is gone")
    }
}
