/// A line of RSK blocks that parent blocks were building on.
public struct ForkBranch: Hashable, Sendable {
    public let id: Int
    /// What its tags say of their ancestors, by RSK height.
    private(set) var checkpoints: [Int64: UInt8] = [:]
    /// In the window, the oldest first.
    public private(set) var sightings: [ForkSighting] = []
    /// The RSK heights between which it left the main branch, from 0 where nothing in common is known; nil for the main branch.
    public let leftMain: Range<Int64>?

    /// Checkpoints below the newest by more than this are forgotten: seven vectors' reach.
    private static let reach = 64 * 49

    init(id: Int, leftMain: Range<Int64>? = nil, checkpoints: [Int64: UInt8] = [:], sightings: [ForkSighting] = []) {
        self.id = id
        self.leftMain = leftMain
        self.checkpoints = checkpoints
        self.sightings = sightings
    }

    /// How a tag's ancestors compare with this branch's.
    enum Fit: Hashable {
        case same
        /// They part between these heights: the highest in common, 0 if none is known, and the lowest that differs.
        case parts(Range<Int64>)
        /// No ancestor in common is known.
        case unrelated
    }

    func fit(_ tag: ForkSighting) -> Fit {
        let compared = tag.checkpoints.compactMap { height, byte in checkpoints[height].map { (height, agrees: $0 == byte) } }
        guard !compared.isEmpty else { return .unrelated }
        guard let differs = compared.filter({ !$0.agrees }).map(\.0).min() else { return .same }
        // Above the fork a byte may agree by chance; below it all do.
        let common = compared.map(\.0).filter { $0 < differs }.max() ?? 0
        return .parts(min(common, differs)..<differs)
    }

    mutating func add(_ tag: ForkSighting) {
        sightings.append(tag)
        for (height, byte) in tag.checkpoints { learn(height, byte) }
    }

    mutating func learn(_ height: Int64, _ byte: UInt8) {
        checkpoints[height] = byte
        let newest = checkpoints.keys.max() ?? height
        if checkpoints.count > 2 * Self.reach / 64 { checkpoints = checkpoints.filter { $0.key >= newest - Int64(Self.reach) } }
    }

    mutating func forget(before parentHeight: Int64) {
        sightings.removeAll { $0.parentHeight < parentHeight }
    }

    /// The highest RSK block seen being mined on it.
    public var height: Int64? { sightings.map(\.height).max() }
}
