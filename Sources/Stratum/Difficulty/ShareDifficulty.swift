public import Hashing

/// A share difficulty as a miner reads it from `mining.set_difficulty`, which is the number that its shares are judged by.
public struct ShareDifficulty: Hashable, Sendable, BitwiseCopyable {
    /// Finite and positive.
    public let value: Double

    /// Exactly this number, as an operator fixes it; nil for what is no difficulty.
    public init?(_ value: Double) {
        guard value.isFinite, value > 0 else { return nil }
        self.value = value
    }

    /// Difficulty 1, for places that want some value.
    static let nominal = ShareDifficulty(checked: 1)

    private init(checked value: Double) {
        self.value = value
    }

    /// The nearest number that every firmware understands, at most `wish`: an integer from 1 on, because ESP-Miner up to 2.13 cuts fractions off,
    /// and six significant digits below, which leaves NerdMiner its 0.00015.
    ///
    /// Kept within 1e-12 (every hash is a share from about 2.3e-10 down) and 1e30, whatever `wish` is.
    public init(atMost wish: Double) {
        self.init(checked: Self.round(wish, .down))
    }

    /// Like ``init(atMost:)``, but not below `wish`: for minima that a miner asked for.
    public init(atLeast wish: Double) {
        self.init(checked: Self.round(wish, .up))
    }

    /// The hardest difficulty that asks no more of a hash than `target` does, as written on the wire.
    public init(noHarderThan target: Target) {
        var value = min(target.difficulty, 1e60)
        if value >= 1 { value.round(.down) }
        // The quotient is rounded to the nearest double, which may lie above.
        while Target(difficulty: value) < target { value = value > 1 ? value.nextDown.rounded(.down) : value.nextDown }
        self.init(checked: value)
    }

    private static func round(_ wish: Double, _ rule: FloatingPointRoundingRule) -> Double {
        guard !wish.isNaN else { return 1 }
        let wish = min(max(wish, 1e-12), 1e30)
        guard wish < 1 else { return wish.rounded(rule) }
        // Powers of ten are exact up to 10^22, so this division is rounded once and prints short.
        var scale = 1.0
        while wish * scale < 1e5 { scale *= 10 }
        let digits = wish * scale
        // What has six digits already keeps them, though the product may miss the integer by its last bit.
        let nearest = digits.rounded()
        return (abs(digits - nearest) < 1e-9 * digits ? nearest : digits.rounded(rule)) / scale
    }

    /// What a hash must not exceed.
    public var target: Target { Target(difficulty: value) }

    /// The expected hashes of a share.
    public var weight: UInt128 { target.weight }
}

extension ShareDifficulty: Comparable {
    public static func < (left: ShareDifficulty, right: ShareDifficulty) -> Bool { left.value < right.value }
}

extension ShareDifficulty: CustomStringConvertible {
    /// The shortest decimal that reads back as the same double, never with an exponent: NerdMiner and old ESP-Miner cannot read one.
    public var text: String {
        let shortest = value.description
        guard let mark = shortest.firstIndex(of: "e") else {
            return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
        }
        let exponent = Int(shortest[shortest.index(after: mark)...]) ?? 0
        let parts = shortest[..<mark].split(separator: ".", maxSplits: 1)
        let whole = String(parts.first ?? "0")
        let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
        if exponent < 0 {
            return "0." + String(repeating: "0", count: -exponent - whole.count) + whole + fraction
        }
        return whole + fraction + String(repeating: "0", count: max(0, exponent - fraction.count))
    }

    public var description: String { text }
}
