/// How many shares were refused, by reason. Reasons are numbers here; their names belong to whoever refuses.
public struct RejectCounts: Sendable, Equatable {
    /// Reasons are 1 ..< capacity; what lies outside counts under 0, so that nothing is lost.
    public static let capacity = 16

    private var counts = InlineArray<16, UInt64>(repeating: 0)

    public init() {}

    /// The slot a reason counts in.
    static func slot(_ reason: UInt8) -> UInt8 { Int(reason) < capacity ? reason : 0 }

    public subscript(reason: UInt8) -> UInt64 {
        get { counts[Int(Self.slot(reason))] }
        set { counts[Int(Self.slot(reason))] = newValue }
    }

    public var total: UInt64 {
        var sum: UInt64 = 0
        for index in 0..<Self.capacity { sum += counts[index] }
        return sum
    }

    /// The reasons that occurred, in their order.
    public var occurred: [(reason: UInt8, count: UInt64)] {
        (0..<Self.capacity).compactMap { counts[$0] == 0 ? nil : (UInt8($0), counts[$0]) }
    }

    public static func += (left: inout RejectCounts, right: RejectCounts) {
        for index in 0..<capacity { left.counts[index] += right.counts[index] }
    }

    public static func == (left: RejectCounts, right: RejectCounts) -> Bool {
        (0..<capacity).allSatisfy { left.counts[$0] == right.counts[$0] }
    }
}
