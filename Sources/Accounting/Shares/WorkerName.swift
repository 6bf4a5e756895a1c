/// Who a share belongs to.
public struct WorkerName: Hashable, Sendable {
    /// The payout address on the parent chain, or the name of a gateway user.
    public let account: String
    /// Empty when the miner named none.
    public let worker: String

    public init(account: String, worker: String) {
        self.account = account
        self.worker = worker
    }
}

extension WorkerName {
    /// Longest account or worker name, in bytes of UTF-8.
    public static let maximumBytes = 128

    /// Not too long, and without the zero byte that PostgreSQL has no place for.
    var isStorable: Bool { [account, worker].allSatisfy { $0.utf8.count <= Self.maximumBytes && !$0.utf8.contains(0) } }
}
