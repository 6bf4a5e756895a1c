extension Array where Element == UInt8 {
    /// Where `pattern` first stands at or after `start`; nil when it does not. An empty pattern stands nowhere.
    func firstOffset(of pattern: [UInt8], from start: Int = 0) -> Int? {
        guard !pattern.isEmpty, start >= 0, count - pattern.count >= start else { return nil }
        return (start...(count - pattern.count)).first { matches(pattern, at: $0) }
    }

    /// Where `pattern` last stands; nil when it does not.
    func lastOffset(of pattern: [UInt8]) -> Int? {
        guard !pattern.isEmpty, count >= pattern.count else { return nil }
        return (0...(count - pattern.count)).last { matches(pattern, at: $0) }
    }

    private func matches(_ pattern: [UInt8], at offset: Int) -> Bool {
        for index in pattern.indices where self[offset + index] != pattern[index] { return false }
        return true
    }
}

extension FixedWidthInteger {
    /// Reads as many bytes as there are, least significant first; what does not fit is dropped.
    init(littleEndian bytes: some Collection<UInt8>) {
        var value: Self = 0
        for byte in bytes.reversed() { value = value << 8 | Self(truncatingIfNeeded: byte) }
        self = value
    }

    /// Reads as many bytes as there are, most significant first; what does not fit is dropped.
    init(bigEndian bytes: some Collection<UInt8>) {
        var value: Self = 0
        for byte in bytes { value = value << 8 | Self(truncatingIfNeeded: byte) }
        self = value
    }

    var littleEndianBytes: [UInt8] {
        stride(from: 0, to: Self.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    var bigEndianBytes: [UInt8] { littleEndianBytes.reversed() }
}

extension Array where Element == UInt8 {
    /// Every place where `pattern` stands, overlapping ones too.
    func offsets(of pattern: [UInt8]) -> [Int] {
        var found: [Int] = []
        while let next = firstOffset(of: pattern, from: found.last.map { $0 + 1 } ?? 0) { found.append(next) }
        return found
    }
}
