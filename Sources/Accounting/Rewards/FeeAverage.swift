/// The published average of block fees that FPPS adds to the subsidy.
public struct FeeAverage: Sendable {
    private var fees: [UInt128] = []
    private let count: Int

    /// - Parameters:
    ///   - count: of the last blocks it is the average of, 144 being a day's.
    ///   - published: the average that an earlier run ended with; it stands for the blocks before this one's first.
    public init(count: Int = 144, published: UInt128? = nil) {
        self.count = max(1, count)
        if let published { fees = Array(repeating: published, count: self.count) }
    }

    /// Whether there is an average yet.
    public var isEmpty: Bool { fees.isEmpty }

    /// A block's fees, oldest first.
    public mutating func add(_ fee: UInt128) {
        fees.append(min(fee, 1 << 96))
        if fees.count > count { fees.removeFirst() }
    }

    /// Rounded down; 0 before the first block.
    public var value: UInt128 { fees.isEmpty ? 0 : fees.reduce(0, +) / UInt128(fees.count) }
}
