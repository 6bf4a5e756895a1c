import CLinux
import Glibc

/// The loop of the thread that keeps a miner connected: reads what the pool says, hangs work up, sends shares off.
struct ConnectionThread: ~Copyable {
    private let settings: CPUMiner.Settings
    private let board: WorkBoard
    private let record: MinerRecord
    private var host: String
    private var port: UInt16

    /// The pool owes a job every minute; two without a word are the end.
    private static let silenceLimit = Duration.seconds(120)
    private static let lineLimit = 1 << 20

    init(settings: CPUMiner.Settings, board: WorkBoard, record: MinerRecord) {
        self.settings = settings
        self.board = board
        self.record = record
        host = settings.host
        port = settings.port
    }

    /// How a connection ended.
    private struct End {
        var hadWork: Bool
        var next: Next

        enum Next {
            case failed(StratumFailure)
            case move(host: String?, port: UInt16?, afterSeconds: Int)
            case stopped
        }
    }

    /// Returns when the board is stopped.
    mutating func run() {
        var wait = settings.firstBackOff
        while !board.isStopped {
            let end = serve()
            board.post(nil, isClean: true)
            record.update { $0.isMining = false }
            if end.hadWork { wait = settings.firstBackOff }
            switch end.next {
            case .stopped: return
            case .move(let host, let port, let seconds):
                if let host, !host.isEmpty { self.host = host }
                self.port = port ?? self.port
                pause(.seconds(seconds))
            case .failed(let failure):
                record.update { $0.lastFailure = failure.description }
                // Wherever a client.reconnect led to: after a failure the way begins at home.
                (host, port) = (settings.host, settings.port)
                pause(wait)
                wait = min(wait * 2, settings.lastBackOff)
            }
        }
    }

    private func pause(_ duration: Duration) {
        let deadline = ContinuousClock.now + duration
        while !board.isStopped, ContinuousClock.now < deadline {
            let left = (deadline - .now) / .milliseconds(1)
            board.connectionWakeUp.wait(milliseconds: Int32(max(1, min(left.rounded(.up), 60_000))))
        }
    }

    private func serve() -> End {
        var session = StratumSession(user: settings.user, password: settings.password)
        var hadWork = false
        do throws(StratumFailure) {
            let connection = try TCPConnection(host: host, port: port, milliseconds: 5_000, interrupt: board.connectionWakeUp) { !board.isStopped }
            record.update { $0.connections += 1 }
            var lines = LineBuffer()
            var lastHeard = ContinuousClock.now
            if let end = try perform(session.begin(), session, connection, &hadWork) { return End(hadWork: hadWork, next: end) }
            while !board.isStopped {
                record.sample(hashes: board.hashes)
                let event = connection.wait(or: board.connectionWakeUp, milliseconds: 1_000)
                if event == .woken { board.connectionWakeUp.clear() }
                for share in board.takeShares() {
                    _ = try perform([session.submit(share)], session, connection, &hadWork)
                }
                guard event == .readable else {
                    if .now - lastHeard > Self.silenceLimit { throw StratumFailure.silent }
                    continue
                }
                guard let bytes = connection.read() else { throw StratumFailure.closed }
                lastHeard = .now
                for line in lines.append(bytes) {
                    if let end = try perform(session.receive(line), session, connection, &hadWork) { return End(hadWork: hadWork, next: end) }
                }
                guard lines.count <= Self.lineLimit else { throw StratumFailure.lineTooLong }
            }
            return End(hadWork: hadWork, next: .stopped)
        } catch {
            return End(hadWork: hadWork, next: .failed(error))
        }
    }

    /// Does what the session asks; an end when it asks for one.
    private func perform(
        _ actions: [StratumSession.Action],
        _ session: StratumSession,
        _ connection: borrowing TCPConnection,
        _ hadWork: inout Bool
    ) throws(StratumFailure) -> End.Next? {
        for action in actions {
            switch action {
            case .send(let line): if !connection.write(line + "\n") { throw .closed }
            case .work(let work, let isClean):
                hadWork = true
                board.post(work, isClean: isClean)
                record.update { statistics in
                    statistics.isMining = true
                    statistics.difficulty = session.difficulty
                }
            case .accepted:
                board.answered()
                record.update { $0.accepted += 1 }
            case .rejected(let reason):
                board.answered()
                record.update { statistics in
                    statistics.rejected += 1
                    statistics.lastRejection = reason
                }
            case .reconnect(let host, let port, let seconds): return .move(host: host, port: port, afterSeconds: seconds)
            case .fail(let failure): throw failure
            }
        }
        return nil
    }
}
