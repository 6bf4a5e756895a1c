internal import JSON

/// `poolctl top`: the pool's figures once a second, until somebody presses q.
struct TopProgram {
    private enum Event: Sendable {
        case key(TopState.Key)
        case figures(TopScreen.Figures)
        /// The terminal has no more keys, or a signal came.
        case end
    }

    let pool: PoolConnection
    let style: Style

    /// One picture of everything, for `--json` and for outputs that are no terminal.
    func figures() async throws -> TopScreen.Figures {
        var figures = TopScreen.Figures()
        figures.status = try await pool.read("status")
        figures.workers = try await pool.read("workers").array ?? []
        // A pool without a ledger has no windows to draw.
        let windows = try? await pool.read("shares?since=\(max(0, Units.now - 7_200))&span=60")
        figures.history = Self.history(windows?.array ?? [], status: figures.status, now: Units.now)
        return figures
    }

    /// Hashes per second by the minute, oldest first, the last two hours; the running minute as it stands.
    static func history(_ windows: [JSONValue], status: JSONValue, now: Int) -> [Double] {
        var rates: [Int: Double] = [:]
        for window in windows {
            guard let start = window["start"]?.integer, let weight = window["weight"]?.units else { continue }
            rates[Int(start)] = Double(weight) / 60
        }
        let current = now / 60 * 60
        // An older window than was asked for is no reason to draw years.
        guard let first = rates.keys.filter({ $0 >= current - 7_200 }).min() else { return [status["hashrate"]?["1m"]?.double ?? 0] }
        let past = stride(from: first, to: current, by: 60).map { rates[$0] ?? 0 }
        return past + [status["hashrate"]?["1m"]?.double ?? 0]
    }

    /// Shows the picture on a terminal until it is left.
    func run(on terminal: RawTerminal) async {
        let stop = StopSignal()
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let tasks = TaskList()
        tasks.add {
            for await key in terminal.keys() { feed.yield(.key(key)) }
            feed.yield(.end)
        }
        tasks.add {
            await stop.wait()
            feed.yield(.end)
        }
        tasks.add { [self] in
            var last = TopScreen.Figures()
            while !Task.isCancelled {
                do {
                    last = try await figures()
                } catch {
                    last.trouble = "\(error)"
                }
                feed.yield(.figures(last))
                try? await Task.sleep(for: .seconds(1))
            }
        }
        var state = TopState()
        var shown = TopScreen.Figures()
        for await event in events {
            switch event {
            case .key(let key): state.press(key)
            case .figures(let new): if !state.isPaused { shown = new }
            case .end: state.isOver = true
            }
            if state.isOver { break }
            let size = terminal.size
            terminal.show(
                TopScreen(figures: shown, state: state, columns: size.columns, rows: size.rows, style: style, now: Units.now).lines
            )
        }
        tasks.cancel()
    }
}

extension PoolctlProgram {
    func top(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws {
        let program = TopProgram(pool: pool, style: Style(hasColour: wantsColour))
        if !parsed.has("json"), isTerminal {
            // Somebody without a pool shall read why, not look at an empty screen.
            _ = try await pool.read("status")
            if let terminal = RawTerminal() {
                await program.run(on: terminal)
                return terminal.leave()
            }
        }
        let figures = try await program.figures()
        if parsed.has("json") {
            let value: JSONValue = [
                "status": figures.status, "workers": .array(figures.workers), "history": .array(figures.history.map { .real($0) }),
            ]
            write(value.text(pretty: true) + "\n", .output)
        } else {
            let screen = TopScreen(
                figures: figures,
                state: TopState(),
                columns: Console.width ?? 120,
                rows: figures.workers.count + 30,
                style: Style(hasColour: wantsColour),
                now: Units.now
            )
            var lines = screen.lines.dropLast()
            while lines.last == "" { lines.removeLast() }
            write(lines.map { $0 + "\n" }.joined(), .output)
        }
    }
}
