/// What differs between the shares of one job.
public struct ShareInput: Sendable, BitwiseCopyable {
    // The memory layout is `hashing_share`'s: the kernels read arrays of these in place.

    /// The header's whole version, rolled bits included.
    public var version: UInt32
    /// Unix seconds.
    public var time: UInt32
    public var nonce: UInt32
    /// extranonce1 ‖ extranonce2 from the front; what is behind the job's size does not matter.
    public var extranonce: InlineArray<32, UInt8>
    @usableFromInline let reserved: UInt32 = 0

    @inlinable
    public init(extranonce: InlineArray<32, UInt8>, version: UInt32, time: UInt32, nonce: UInt32) {
        self.extranonce = extranonce
        self.version = version
        self.time = time
        self.nonce = nonce
    }

    /// - Parameter extranonce: at most 32 bytes; further ones are ignored.
    @inlinable
    public init(extranonce bytes: some Sequence<UInt8>, version: UInt32, time: UInt32, nonce: UInt32) {
        var extranonce = InlineArray<32, UInt8>(repeating: 0)
        var index = 0
        for byte in bytes where index < 32 {
            extranonce[index] = byte
            index += 1
        }
        self.init(extranonce: extranonce, version: version, time: time, nonce: nonce)
    }
}
