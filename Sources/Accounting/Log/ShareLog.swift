/// Where groups become durable before anyone is told so.
///
/// A log holds numbered payloads and knows nothing of what is in them. Behind this seam stands a file on this machine; it may be a stream that
/// other machines hold copies of. One thread appends; any thread may release.
protocol ShareLog: AnyObject, Sendable {
    /// Makes a payload durable; it is when this returns. After an error the payload is not in the log, and the next one may take its number.
    func append(_ payload: [UInt8], sequence: UInt64) throws(LedgerError)

    /// Ends a segment, so that what is released can be given up. Payloads after it must be readable without those before it.
    func rotate()

    /// Calls `body` for every whole payload that is still there, in order; refuses when one after `sequence` is missing before another. Comes
    /// before the first append.
    func replay(after sequence: UInt64, _ body: (UInt64, ArraySlice<UInt8>) throws(LedgerError) -> Void) throws(LedgerError)

    /// Payloads up to `sequence` are safe in the store: the log may forget them.
    func release(through sequence: UInt64)

    /// Lets go of what only one process may have. Comes after the last release.
    func close()

    /// Bytes since the last rotation.
    var segmentBytes: Int { get }
}
