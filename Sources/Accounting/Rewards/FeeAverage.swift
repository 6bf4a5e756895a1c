/// The published average of block fees that FPPS adds to the subsidy.
public struct FeeAverage: Sendable {
    private var fees: [UInt128] = []
    private let count: Int

    /// - Parameter count: of the last blocks it is the average of, 144 being a day's.
    public init(count: Int = 144) {
        self.count = max(1, count)
    }

    /// A block's fees, oldest first.
    public mutating func add(_ fee: UInt128) {
        fees.append(min(fee, 1 << 96))
        if fees.count > count { fees.removeFirst() }
    }

    /// Rounded down; 0 before the first block.
    public var value: UInt128 { fees.isEmpty ? 0 : fees.reduce(0, +) / UInt128(fees.count) }
}
