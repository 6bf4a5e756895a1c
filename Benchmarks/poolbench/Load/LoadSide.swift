import Glibc

/// A server under load, with its miners and what they came to.
final class LoadSide {
    let name: String
    /// Nil where its CPU time cannot be known.
    let pid: pid_t?
    let crew: LoadCrew
    private(set) var books: [LoadBook] = []
    /// The server's CPU seconds of each book.
    private(set) var cpu: [Double] = []
    /// Where the server's figures are; nil where it has none.
    private let admin: LoadTarget?
    private var laneUse = LaneUse()
    /// What must live as long.
    private let server: AnyObject?

    /// Connects the miners.
    init(_ name: String, pid: pid_t?, keeping server: AnyObject?, _ order: LoadOrder, admin: LoadTarget? = nil) throws(LoadFailure) {
        self.name = name
        self.pid = pid
        self.admin = admin
        self.server = server
        crew = try LoadCrew(order)
    }

    var sum: LoadBook { books.reduce(into: LoadBook()) { $0.merge($1, isSameTime: false) } }

    /// Answers a second of each round, accepted and refused.
    var rates: Series { Series(samples: books.map { Double($0.accepted + $0.refusedCount) / $0.seconds }) }

    /// The server's microseconds a share of each round.
    var costs: Series { Series(samples: zip(cpu, books).map { 1e6 * $0 / Double(max(1, $1.accepted + $1.refusedCount)) }) }

    /// How full the engine's lanes were under load, 1 at most; nil where it cannot be known.
    var laneFill: Double? { laneUse.fill }

    /// Loads it for a while, after a moment to get going.
    func load(seconds: Double) throws(LoadFailure) {
        crew.go()
        MonotonicClock.sleep(seconds: 0.3)
        _ = try crew.report()
        let lanes = try admin.map { target throws(LoadFailure) in try LaneUse(from: target) }
        let before = pid.flatMap(ProcessUse.cpu(of:))
        MonotonicClock.sleep(seconds: seconds)
        let book = try crew.report()
        if let before, let after = pid.flatMap(ProcessUse.cpu(of:)) { cpu.append(after - before) }
        books.append(book)
        if let lanes, let admin {
            laneUse.add(from: lanes, to: try LaneUse(from: admin))
        }
        crew.rest()
        // Until all is answered.
        MonotonicClock.sleep(seconds: 0.2)
    }

    /// Each round loads all sides in turns, another one first: what disturbs the machine disturbs all alike.
    static func measure(_ sides: [LoadSide], rounds: Int, seconds: Double) throws(LoadFailure) {
        for round in 0..<rounds {
            for turn in sides.indices { try sides[(round + turn) % sides.count].load(seconds: seconds / Double(rounds)) }
        }
    }
}
