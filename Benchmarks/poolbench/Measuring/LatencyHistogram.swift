/// Times in classes that widen with the time: eight to each doubling, so that a percentile is right within 9 %.
struct LatencyHistogram {
    private var counts = [Int](repeating: 0, count: 64 * 8)
    private(set) var count = 0

    mutating func add(_ nanoseconds: UInt64) {
        counts[Self.bucket(nanoseconds)] += 1
        count += 1
    }

    mutating func merge(_ other: LatencyHistogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        count += other.count
    }

    /// The upper end of the class below which the given part (0…1) of all times lies; nil without any.
    func percentile(_ part: Double) -> Double? {
        guard count > 0 else { return nil }
        var left = Int((Double(count) * part).rounded(.up))
        for (bucket, members) in counts.enumerated() {
            left -= members
            if left <= 0 { return Self.upperEnd(bucket) }
        }
        return nil
    }

    /// Class and members, class and members …, of the classes that have any.
    var sparse: [Int] { counts.enumerated().flatMap { $0.element > 0 ? [$0.offset, $0.element] : [] } }

    init() {}

    init(sparse: [Int]) {
        for index in stride(from: 0, to: sparse.count - 1, by: 2) where counts.indices.contains(sparse[index]) {
            counts[sparse[index]] = sparse[index + 1]
            count += sparse[index + 1]
        }
    }

    private static func bucket(_ value: UInt64) -> Int {
        guard value >= 8 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 2) * 8 + Int(value >> UInt64(exponent - 3) & 7)
    }

    private static func upperEnd(_ bucket: Int) -> Double {
        guard bucket >= 8 else { return Double(bucket + 1) }
        let exponent = bucket / 8 + 2
        return Double(8 + bucket % 8 + 1) * Double(UInt64(1) << UInt64(exponent - 3))
    }
}
