import Synchronization

/// The right to write as one of the pools on a database: whoever holds it has its `owner` in the pool's row.
///
/// An owner is a data folder. A pool that comes back to its folder goes on at once; one with another folder must wait until the holder has
/// shown no life for a while, so that two pools which were given one number by mistake do not count as each other.
final class InstanceSeat: Sendable {
    let instance: Int
    let owner: String
    /// For messages.
    let server: String
    private let folder: FolderLock
    /// When it last showed life, on the clock that is never set.
    private let shown = Atomic<Int64>(.min)
    /// What the server's clock is ahead of the clock that is never set, milliseconds; the least number while that is not known.
    private let ahead = Atomic<Int64>(.min)

    /// After so many milliseconds without a sign of life the seat is free.
    private static let silence: Int64 = 60_000

    /// Now, by the server's clock: pools' own may differ.
    private static let now = "CAST(extract(epoch FROM current_timestamp) * 1000 AS BIGINT)"

    /// What the server's clock shows, milliseconds of Unix time; nil before the first sign of life. This machine's own clock may be set as it likes.
    var serverTime: Int64? {
        let ahead = ahead.load(ordering: .relaxed)
        return ahead == .min ? nil : TimeSource.system.monotonic() + ahead
    }

    init(instance: Int, dataFolder: String, server: String) throws(LedgerError) {
        self.instance = instance
        self.server = server
        try Folder.create(dataFolder)
        folder = try FolderLock(path: dataFolder + "/ledger-owner")
        owner = folder.name
    }

    /// Takes the seat; refuses when another pool has it.
    func take(_ database: PostgreSQL) throws(LedgerError) {
        try database.run(
            """
            INSERT INTO pool_instance (instance, owner, seen) VALUES ($1, $2, \(Self.now)) ON CONFLICT (instance) DO UPDATE
            SET owner = excluded.owner, seen = excluded.seen
            WHERE pool_instance.owner = excluded.owner OR pool_instance.seen < excluded.seen - \(Self.silence)
            """,
            [.integer(Int64(instance)), .text(owner)]
        )
        try requireHeld(database)
    }

    func requireHeld(_ database: PostgreSQL) throws(LedgerError) {
        let holder = try database.first("SELECT owner FROM pool_instance WHERE instance = $1", [.integer(Int64(instance))]) { $0.text(0) }
        if holder != owner { throw .seatTaken(server: server, instance: instance) }
    }

    /// Writes a sign of life and compares the clocks, unless the last one is fresh.
    func showLife(_ store: LedgerStore) throws(LedgerError) {
        let now = TimeSource.system.monotonic()
        guard shown.load(ordering: .relaxed) < now - Self.silence / 12 else { return }
        let found = try store.write { database, _ throws(LedgerError) in
            try showLife(database)
            return try lead(of: database)
        }
        if let found { ahead.store(found, ordering: .relaxed) }
        shown.store(now, ordering: .relaxed)
    }

    private func showLife(_ database: any Database) throws(LedgerError) {
        try database.run(
            "UPDATE pool_instance SET seen = \(Self.now) WHERE instance = $1 AND owner = $2",
            [.integer(Int64(instance)), .text(owner)]
        )
    }

    /// The server read its clock halfway between question and answer, as far as can be known.
    private func lead(of database: any Database) throws(LedgerError) -> Int64? {
        let asked = TimeSource.system.monotonic()
        let shows = try database.first("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)") { $0.integer(0) }
        return shows.map { $0 - (asked + TimeSource.system.monotonic()) / 2 }
    }

    /// Any pool may have it next. A server that does not answer keeps it until the silence has been long enough.
    func leave(_ database: PostgreSQL) {
        _ = try? database.run("UPDATE pool_instance SET seen = 0 WHERE instance = $1 AND owner = $2", [.integer(Int64(instance)), .text(owner)])
        folder.release()
    }
}

/// A data folder's name, random and kept in a file there, which is held as long as this lives: one process at a time has it.
private final class FolderLock: Sendable {
    let name: String
    private let file: Mutex<File?>

    init(path: String) throws(LedgerError) {
        let opened = try File(creating: path, exclusively: false)
        guard opened.lock() else { throw .inUse(path: path) }
        let known = String(decoding: try opened.read(at: 0, limit: 64), as: UTF8.self)
        if known.utf8.count == 32 {
            name = known
        } else {
            let fresh = (0..<4).map { _ in
                let digits = String(UInt32.random(in: .min ... .max), radix: 16)
                return String(repeating: "0", count: 8 - digits.count) + digits
            }.joined()
            try opened.truncate(to: 0)
            try opened.write(Array(fresh.utf8), at: 0)
            try opened.sync()
            try Folder.sync(Folder.parent(of: path))
            name = fresh
        }
        file = Mutex(consume opened)
    }

    func release() {
        file.withLock { $0 = nil }
    }
}
