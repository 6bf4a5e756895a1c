import Dispatch
import Glibc
import JSON

/// Solutions that have no definite answer yet, one file each, so that a crash between finding a block and a node's answer loses nothing.
///
/// An entry is written beside the submission, not before it, and synced after that: a block waits for no disk, and a process that is killed a moment
/// later has written it. It leaves on a definite answer only, and what is found here at start is worked off first (design, invariant 3).
struct BlockJournal: Sendable {
    /// One solution as it was sent.
    struct Entry: Sendable, Equatable {
        /// The chain's name, as the ledger knows it.
        var chain: String
        var height: Int64
        /// Display order.
        var hash: String
        var account: String
        var worker: String
        /// Milliseconds of Unix time when it was found.
        var foundAt: Int64
        /// In the chain's smallest unit.
        var reward: UInt128
        /// Expected hashes of the network target.
        var networkWeight: UInt128
        /// Whether another pool's software brought it.
        var isOutside = false
        /// The solution as it goes to a node: for a parent block its hex text.
        var payload: [UInt8]
    }

    /// An entry on its way to the disk: what came of it, once it is there.
    typealias Keeping = Task<Result<Void, FileError>, Never>

    let folder: String
    private let reserve: JournalReserve
    private let finish: @Sendable (String) throws(FileError) -> Void

    /// - Parameter finish: syncs a draft and gives it its name.
    init(folder: String, finish: @escaping @Sendable (String) throws(FileError) -> Void = DurableFile.finish) throws(FileError) {
        self.folder = folder
        self.finish = finish
        try DurableFile.makeFolder(folder)
        reserve = JournalReserve(folder: folder)
        takeDrafts()
    }

    /// Begins to keep an entry, at once. On a full disk it is written where room was set aside for it.
    @discardableResult
    func keep(_ entry: Entry) -> Keeping {
        let (results, feed) = AsyncStream.makeStream(of: Result<Void, FileError>.self)
        let (path, bytes) = (path(of: entry), BlockJournal.encode(entry))
        BlockJournal.underWay.enter()
        BlockJournal.pen.async {
            let draft = Result { () throws(FileError) in try DurableFile.draft(path, bytes) }
            let isReserved = if case .failure = draft { reserve.write(bytes) } else { false }
            BlockJournal.sync {
                feed.yield(Result { () throws(FileError) in try settle(draft, isReserved: isReserved, path, bytes) })
                feed.finish()
                BlockJournal.underWay.leave()
            }
        }
        return Task {
            for await result in results { return result }
            return .success(())
        }
    }

    private func settle(_ draft: Result<Void, FileError>, isReserved: Bool, _ path: String, _ bytes: [UInt8]) throws(FileError) {
        do throws(FileError) {
            try draft.get()
            try finish(path)
        } catch {
            guard isReserved ? reserve.sync() : reserve.add(bytes) else { throw error }
        }
    }

    func remove(_ entry: Entry) throws(FileError) {
        let path = path(of: entry)
        reserve.remove { BlockJournal.decode($0).map { self.path(of: $0) == path } ?? false }
        try DurableFile.remove(path)
    }

    /// As ``remove(_:)``, but no thread that others need waits for the disk.
    func forget(_ entry: Entry) async throws(FileError) {
        let result: Result<Void, FileError> = await withCheckedContinuation { continuation in
            BlockJournal.underWay.enter()
            BlockJournal.sync {
                continuation.resume(returning: Result { () throws(FileError) in try remove(entry) })
                BlockJournal.underWay.leave()
            }
        }
        try result.get()
    }

    /// Returns when what was begun is on the disk.
    func rest() async {
        await withCheckedContinuation { continuation in BlockJournal.underWay.notify(queue: BlockJournal.pen) { continuation.resume() } }
    }

    private static let underWay = DispatchGroup()

    /// Writes, one entry after the other, and never waits for a sync.
    private static let pen = DispatchQueue(label: "journal")

    /// A sync may take a second, and several solutions wait for theirs side by side. Each has a queue of its own: a concurrent one runs no more at a
    /// time than there are processors.
    private static func sync(_ body: @escaping @Sendable () -> Void) { DispatchQueue(label: "journal-sync").async(execute: body) }

    /// What an earlier run left. A file that cannot be read as an entry is passed to `skip` and left where it is.
    func entries(skip: (String) -> Void) throws(FileError) -> [Entry] {
        var entries: [Entry] = []
        for name in try DurableFile.list(folder) where name.hasSuffix(Self.suffix) {
            if let entry = BlockJournal.decode(try DurableFile.read(folder + "/" + name)) {
                entries.append(entry)
            } else {
                skip(folder + "/" + name)
            }
        }
        for entry in reserve.records.compactMap(BlockJournal.decode) where !entries.contains(where: { path(of: $0) == path(of: entry) }) {
            entries.append(entry)
        }
        return entries
    }

    /// A draft that is whole becomes an entry: the run before ended while its sync was under way, and a node may have the solution already. One that
    /// cannot be finished now is left for the next start.
    private func takeDrafts() {
        for name in (try? DurableFile.list(folder)) ?? [] where name.hasSuffix(Self.suffix + DurableFile.draftSuffix) {
            guard let bytes = try? DurableFile.read(folder + "/" + name), let entry = BlockJournal.decode(bytes) else { continue }
            do {
                try DurableFile.finish(path(of: entry))
            } catch {
                // In an upgrade the process before this one may still have been at it, and has finished it now.
                if error.code != ENOENT { Log("journal").error("\(error)") }
            }
        }
    }

    private static let suffix = ".solution"

    private func path(of entry: Entry) -> String {
        "\(folder)/\(entry.chain)-\(entry.height)-\(entry.hash.suffix(16))\(Self.suffix)"
    }
}

extension BlockJournal {
    /// One line of JSON, then the payload as it is.
    static func encode(_ entry: Entry) -> [UInt8] {
        let head: JSONValue = [
            "chain": .string(entry.chain), "height": .integer(entry.height), "hash": .string(entry.hash),
            "account": .string(entry.account), "worker": .string(entry.worker), "foundAt": .integer(entry.foundAt),
            "reward": .string(String(entry.reward)), "networkWeight": .string(String(entry.networkWeight)),
            "outside": .bool(entry.isOutside), "payloadBytes": .integer(Int64(entry.payload.count)),
        ]
        return head.serialized() + [0x0a] + entry.payload
    }

    static func decode(_ bytes: [UInt8]) -> Entry? {
        guard let end = bytes.firstIndex(of: 0x0a), let head = try? JSONValue(parsing: Array(bytes[..<end])),
            let chain = head["chain"]?.string, let height = head["height"]?.integer, let hash = head["hash"]?.string,
            let account = head["account"]?.string, let worker = head["worker"]?.string, let foundAt = head["foundAt"]?.integer,
            let reward = head["reward"]?.string.flatMap({ UInt128($0) }), let weight = head["networkWeight"]?.string.flatMap({ UInt128($0) }),
            let count = head["payloadBytes"]?.integer, count == bytes.count - end - 1
        else { return nil }
        return Entry(
            chain: chain,
            height: height,
            hash: hash,
            account: account,
            worker: worker,
            foundAt: foundAt,
            reward: reward,
            networkWeight: weight,
            isOutside: head["outside"]?.bool ?? false,
            payload: Array(bytes[(end + 1)...])
        )
    }
}
