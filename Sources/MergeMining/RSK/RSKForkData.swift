public import Hashing

/// The fork-detection data of RSKIP110: the last 12 bytes of a hash for merged mining. All numbers big-endian.
public struct RSKForkData: Hashable, Sendable {
    public static let byteCount = 12
    /// The bytes of the hash before this data.
    public static let prefixSize = 20
    /// Blocks between two entries of the vector.
    public static let step: UInt32 = 64
    /// The data needs so many ancestors; below that height a block carries none.
    public static let ancestorsNeeded = 449

    /// CPV, the commit-to-parents vector: one byte of the Bitcoin block id of each of seven ancestors, ``vectorHeights``.
    public let parentsVector: [UInt8]
    /// NU: uncles in the 32 blocks before this one, at most 255.
    public let uncles: UInt8
    /// BN: the height of the RSK block being mined.
    public let height: UInt32

    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(uncheckedBytes: Array(bytes))
    }

    init(uncheckedBytes bytes: [UInt8]) {
        parentsVector = Array(bytes.prefix(7))
        uncles = bytes.dropFirst(7).first ?? 0
        height = UInt32(bigEndian: bytes.dropFirst(8))
    }

    public init(parentsVector: [UInt8], uncles: UInt8, height: UInt32) {
        self.parentsVector = parentsVector
        self.uncles = uncles
        self.height = height
    }

    public var bytes: [UInt8] { parentsVector + [uncles] + height.bigEndianBytes }

    /// The RSK heights whose Bitcoin block ids the vector's bytes come from, newest first. Heights below 0 do not arise above 449.
    public var vectorHeights: [Int64] { Self.vectorHeights(for: height) }

    public static func vectorHeights(for height: UInt32) -> [Int64] {
        let newest = (Int64(height) - 1) / Int64(step) * Int64(step)
        return (0..<7).map { newest - Int64(step) * $0 }
    }

    /// One RSK block as the data of its descendants sees it.
    public struct Ancestor: Hashable, Sendable {
        public let height: UInt32
        /// The id of the Bitcoin block (or share) that mined it.
        public let parentID: Hash256
        public let uncles: UInt32

        public init(height: UInt32, parentID: Hash256, uncles: UInt32) {
            self.height = height
            self.parentID = parentID
            self.uncles = uncles
        }
    }

    /// What a block on top of `ancestors` (newest first, consecutive) must carry; nil while fewer than 449 are known.
    public static func expected(after ancestors: [Ancestor]) -> RSKForkData? {
        guard ancestors.count >= ancestorsNeeded, let best = ancestors.first, best.height < .max else { return nil }
        let height = best.height + 1
        var vector: [UInt8] = []
        for wanted in vectorHeights(for: height) {
            let distance = Int64(best.height) - wanted
            guard distance >= 0, distance < ancestors.count, let last = ancestors[Int(distance)].parentID.internalBytes.first else { return nil }
            vector.append(last)
        }
        let uncles = ancestors.prefix(32).reduce(UInt64(0)) { $0 + UInt64($1.uncles) }
        return RSKForkData(parentsVector: vector, uncles: UInt8(clamping: uncles), height: height)
    }
}
