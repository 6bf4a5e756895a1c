/// Which open blocks are looked at next.
///
/// Rootstock takes 4,000 blocks to mature, so a pool may have thousands of open ones, and each costs its node a call. The newest, which are the
/// ones in danger, are looked at every time; the others take turns.
struct FollowOrder: Sendable {
    /// The most open blocks that are read.
    static let mostOpen = 20_000
    /// The most lost blocks that are looked at.
    static let mostLost = 100
    /// Lost blocks are looked at once in so many times: what comes back is as good a minute later.
    static let lostEvery = 12
    private static let newest = 100
    private static let turn = 200
    private var position = 0

    /// - Parameter open: newest first.
    mutating func next<Block>(of open: [Block]) -> [Block] {
        let rest = open.dropFirst(Self.newest)
        guard rest.count > Self.turn else { return open }
        if position >= rest.count { position = 0 }
        let turn = rest.dropFirst(position).prefix(Self.turn)
        position += Self.turn
        return Array(open.prefix(Self.newest) + turn)
    }
}
