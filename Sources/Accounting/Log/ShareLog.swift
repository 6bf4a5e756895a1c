/// Where groups become durable before anyone is told so, and from where they are folded into the store's windows.
///
/// A log holds numbered payloads. Behind this seam stands a file on this machine, or a table that all pools on one database share; it may be a
/// stream that other machines hold copies of. One thread appends; any thread may fold.
protocol ShareLog: AnyObject, Sendable {
    /// Makes a payload durable; it is when this returns. After an error none of its shares was acknowledged, and the next one may take its
    /// number.
    func append(_ payload: [UInt8], sequence: UInt64) throws(LedgerError)

    /// Whether the segment is to be ended before the next payload.
    var isSegmentFull: Bool { get }

    /// Ends a segment, so that what is folded can be given up. Payloads after it must be readable without those before it.
    func rotate()

    /// Calls `body` for every whole payload that is still there, in order; refuses when one after `sequence` is missing before another. Comes
    /// before the first append.
    func replay(after sequence: UInt64, _ body: (UInt64, ArraySlice<UInt8>) throws(LedgerError) -> Void) throws(LedgerError)

    /// Brings a batch that was appended here into the store's windows; the log may forget it then.
    func fold(_ batch: FoldBatch, into store: LedgerStore) throws(LedgerError)

    /// Brings into the store what this process does not hold in memory: nothing, unless other pools write the same log.
    func foldRest(into store: LedgerStore) throws(LedgerError)

    /// Whether other pools write to the same store, so that figures are read again from time to time.
    var isShared: Bool { get }

    /// Milliseconds of Unix time by a clock that all who write to the same store have in common; nil where there is none, as for a file.
    var sharedTime: Int64? { get }

    /// Lets go of what only one process may have. Comes after the last fold.
    func close()
}
