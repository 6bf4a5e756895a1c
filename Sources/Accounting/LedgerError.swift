/// What can go wrong with the ledger.
public enum LedgerError: Error, Equatable, Sendable {
    /// The setting `accounting.store` names no store.
    case unknownStore(String)
    /// Another process writes this ledger.
    case inUse(path: String)
    /// The file is not a ledger's.
    case foreign(path: String, detail: String)
    /// The schema is of a later version than this program knows.
    case newer(path: String, version: Int, known: Int)
    /// The file is a ledger's and damaged.
    case corrupt(path: String, detail: String)
    /// Groups that were acknowledged are missing from the share log.
    case logGap(path: String, from: UInt64, to: UInt64)
    /// No room on the disk.
    case diskFull(path: String)
    /// The system refused to read or write a file.
    case file(path: String, detail: String)
    /// A statement failed in the store.
    case store(String)
    /// The log has grown past its limit because the store does not take the windows.
    case behind(bytes: Int)
    /// The store was still looking for an answer when its time was over.
    case tooLong(milliseconds: Int)
    /// A transaction came into another's way and was undone.
    case conflict(String)
    /// The database server cannot be reached.
    case unreachable(server: String, detail: String)
    /// The database server would acknowledge what a power cut can take back.
    case notDurable(server: String, detail: String)
    /// Another pool writes to this database under the same instance number.
    case seatTaken(server: String, instance: Int)
    /// An entry names a worker whom the directory did not admit.
    case unknownWorker
    /// The ledger has been closed.
    case closed
}

extension LedgerError: CustomStringConvertible {
    /// The text in logs.
    public var description: String {
        switch self {
        case .unknownStore(let name): "unknown ledger store \"\(name)\""
        case .inUse(let path): "\(path) is in use by another process"
        case .foreign(let path, let detail): "\(path) is not a Motherlode ledger: \(detail)"
        case .newer(let path, let version, let known): "\(path) has schema version \(version); this program knows versions up to \(known)"
        case .corrupt(let path, let detail): "\(path) is damaged: \(detail)"
        case .logGap(let path, let from, let to): "the share log \(path) lacks groups \(from) to \(to)"
        case .diskFull(let path): "no space left for \(path)"
        case .file(let path, let detail): "\(path): \(detail)"
        case .store(let detail): "the ledger's store failed: \(detail)"
        case .behind(let bytes): "the store is behind: \(bytes >> 20) MiB of share log wait to be folded"
        case .tooLong(let milliseconds): "the store had found no answer after \(milliseconds) ms"
        case .conflict(let detail): "transactions hinder each other: \(detail)"
        case .unreachable(let server, let detail): "\(server) cannot be reached: \(detail)"
        case .notDurable(let server, let detail): "\(server) does not keep what it commits: \(detail)"
        case .seatTaken(let server, let instance): "another pool is instance \(instance) on \(server)"
        case .unknownWorker: "a share of an unknown worker"
        case .closed: "the ledger is closed"
        }
    }

    /// The label in metrics.
    public var label: String {
        switch self {
        case .unknownStore: "unknown-store"
        case .inUse: "in-use"
        case .foreign: "foreign"
        case .newer: "newer"
        case .corrupt: "corrupt"
        case .logGap: "log-gap"
        case .diskFull: "disk-full"
        case .file: "file"
        case .store: "store"
        case .behind: "behind"
        case .tooLong: "too-long"
        case .conflict: "conflict"
        case .unreachable: "unreachable"
        case .notDurable: "not-durable"
        case .seatTaken: "seat-taken"
        case .unknownWorker: "unknown-worker"
        case .closed: "closed"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .unknownStore: "write \"sqlite:FILE\" or \"postgresql://…\""
        case .inUse: "stop the other process, or give this one its own data folder"
        case .foreign: "name another file in accounting.store; this one was left as it is"
        case .newer: "run the version that wrote it, or restore the backup made before the upgrade; the file was left as it is"
        case .corrupt: "restore a backup, or recover what is readable with `sqlite3 FILE .recover`; the file was left as it is"
        case .logGap: "restore the database and its log from one backup, or move the log's folder away to go on without the shares in it"
        case .diskFull: "free some space; the ledger goes on by itself"
        case .file: "check that the folder exists, is writable, and belongs to the pool's user"
        case .store: "see the store's own words; shares stay in the log and are folded when it answers again"
        case .behind: "see why the store is slow; the ledger goes on by itself when it catches up"
        case .tooLong: "ask for less: a later time, longer windows, one worker; if it is little already, see why the store is slow"
        case .conflict: "see what else works on the database; the ledger tries again by itself"
        case .unreachable: "check that the server runs, its address, user and password; the ledger goes on by itself when it answers"
        case .notDurable: "set fsync = on and synchronous_commit = on there, or accounting.durability: \"relaxed\" here"
        case .seatTaken: "give each pool its own `instance`; the number of a pool that is gone is free a minute after its last sign of life"
        case .unknownWorker: "report this as a defect"
        case .closed: "start the pool again"
        }
    }
}
