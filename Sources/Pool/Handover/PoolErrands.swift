/// What a pool asks of the process it runs in.
struct PoolErrands: Sendable {
    /// End in order, as at SIGTERM.
    var stop: @Sendable () -> Void
    /// Have another program go on with the miners; returns when it does. Nil names the program that runs.
    var upgrade: @Sendable (String?) async throws(AdminFailure) -> UpgradeReport = { _ throws(AdminFailure) in
        throw .unavailable("this pool ends with its program: only poold run can be upgraded while it runs")
    }
}

/// How another process went on.
public struct UpgradeReport: Sendable, Equatable {
    /// Its number.
    public var process: Int
    /// Those that moved to it.
    public var connections: Int
    /// Of these, TLS connections, which this process decrypts until they have come back.
    public var secured: Int
    /// How long nobody read what miners wrote, milliseconds.
    public var pause: Int
}
