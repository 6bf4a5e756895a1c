/// What the pool tells whoever watches it, and does for whoever steers it.
///
/// The administration asks; the composition answers with the figures of this moment. Nothing here is on the share path.
public protocol AdminSource: Sendable {
    func status() async throws(AdminFailure) -> PoolStatus
    /// The live connections.
    func miners() async throws(AdminFailure) -> [MinerRow]
    /// Every worker the ledger knows, or those of one account.
    func workers(account: String?) async throws(AdminFailure) -> [WorkerRow]
    /// The blocks of the parent chain that the pool found, or one account did, newest first.
    func blocks(account: String?, limit: Int) async throws(AdminFailure) -> [BlockRow]
    /// The auxiliary chains, in their configured order.
    func auxiliaries() async throws(AdminFailure) -> [AuxiliaryView]
    /// The blocks of auxiliary chains that the pool found, or one account did, newest first.
    func auxiliaryBlocks(account: String?, limit: Int) async throws(AdminFailure) -> [AuxiliaryBlockRow]
    /// Whom the parent chain's hashpower builds on in RSK, as `ForkMonitor` says it; nil where no RSK chain is watched.
    func auxiliaryForks() async throws(AdminFailure) -> ForkView?
    /// Metrics beside those that ``MetricsText`` takes from the status.
    func metrics() async -> [Metric]
    /// Does something, and says how many connections it reached.
    func perform(_ action: AdminAction) async throws(AdminFailure) -> Int
    /// Has another program go on with the miners; returns when it does.
    /// - Parameter program: its path; nil for the one that runs, as it is on the disk now.
    func upgrade(to program: String?) async throws(AdminFailure) -> UpgradeReport
    /// The ledger's side; nil where there is none to ask.
    var books: (any BooksSource)? { get }
    /// What is paid to accounts; nil where nobody is.
    var payouts: (any PayoutSource)? { get }
    /// Who may not connect; nil where nobody can.
    var bans: (any BanSource)? { get }
    /// Who reads the configuration anew; nil where there is no file of one.
    var reloads: (any ReloadSource)? { get }
}

extension AdminSource {
    public var books: (any BooksSource)? { nil }
    public var payouts: (any PayoutSource)? { nil }
    public var bans: (any BanSource)? { nil }
    public var reloads: (any ReloadSource)? { nil }
    public func upgrade(to program: String?) async throws(AdminFailure) -> UpgradeReport {
        throw .unavailable("this pool cannot be upgraded while it runs")
    }
}

extension AdminSource {
    public func auxiliaryForks() async throws(AdminFailure) -> ForkView? { nil }
}

/// A change somebody asks for.
public enum AdminAction: Sendable, Equatable {
    /// Closes connections.
    case kick(MinerSelection)
    /// Fixes the share difficulty of connections from their next job on.
    case difficulty(MinerSelection, Double)
    /// Shows a text on miners that can (`client.show_message`).
    case message(MinerSelection, String)
    /// Takes no new connections and asks the others, spread over so many seconds, to connect again; nil takes connections again.
    case drain(seconds: Int?)
    /// Ends the pool in order, as SIGTERM does.
    case stop
}

/// Which connections are meant.
public enum MinerSelection: Sendable, Equatable {
    /// One connection by its number in `miners`.
    case connection(Int)
    /// All of an account.
    case account(String)
    /// All of one worker.
    case worker(account: String, worker: String)

    /// Reads what a person types: a connection's number, `ACCOUNT`, or `ACCOUNT.WORKER`.
    public init?(parsing text: String) {
        guard !text.isEmpty, text.utf8.count <= 256 else { return nil }
        if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            guard let number = Int(text) else { return nil }
            self = .connection(number)
        } else if let dot = text.firstIndex(of: "."), dot > text.startIndex {
            self = .worker(account: String(text[..<dot]), worker: String(text[text.index(after: dot)...]))
        } else {
            self = .account(text)
        }
    }
}

/// Why something asked for cannot be had.
public enum AdminFailure: Error, Sendable, Equatable {
    /// The request cannot be understood; the text says what would be right.
    case unusable(String)
    /// What it names is not there.
    case notFound(String)
    /// The pool cannot do it now: starting, stopping, or a store that fails.
    case unavailable(String)

    /// One line for a person.
    public var text: String {
        switch self {
        case .unusable(let text), .notFound(let text), .unavailable(let text): text
        }
    }

    /// The name in JSON and counters.
    public var label: String {
        switch self {
        case .unusable: "unusable"
        case .notFound: "not-found"
        case .unavailable: "unavailable"
        }
    }

    var httpStatus: Int {
        switch self {
        case .unusable: 400
        case .notFound: 404
        case .unavailable: 503
        }
    }
}
