import Synchronization

/// Open connections of all loops beside those that the process may have.
final class ConnectionBudget: Sendable {
    private let open = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Parameter fileLimit: files that the process may open. Some are kept back: the ledger, the block journal and the way to the nodes must not
    ///   fail because a crowd is at the door.
    convenience init(fileLimit: Int) { self.init(limit: max(fileLimit - 256 - fileLimit / 64, fileLimit / 2)) }

    func enter() { open.add(1, ordering: .relaxed) }
    func leave() { open.subtract(1, ordering: .relaxed) }

    /// So near the limit that whoever is not authorized yet must give way to newcomers.
    var isTight: Bool { open.load(ordering: .relaxed) >= limit - limit / 8 }
    var isFull: Bool { open.load(ordering: .relaxed) >= limit }
}

/// Connections of one loop that were not authorized when they came, in that order.
struct Strangers {
    private var queue: [(index: Int32, generation: UInt32, openedAt: Int64)] = []
    private var first = 0

    mutating func append(_ index: Int, generation: UInt32, at now: Int64) {
        queue.append((Int32(truncatingIfNeeded: index), generation, now))
    }

    /// The oldest; it may have been given work or be gone since.
    var oldest: (index: Int, generation: UInt32, openedAt: Int64)? {
        first < queue.count ? (Int(queue[first].index), queue[first].generation, queue[first].openedAt) : nil
    }

    mutating func removeOldest() { if first < queue.count { advance() } }

    /// Forgets those that came before: their time to become miners is over.
    mutating func forget(before time: Int64) {
        while first < queue.count, queue[first].openedAt < time { advance() }
    }

    private mutating func advance() {
        first += 1
        if first > 1_024, first * 2 > queue.count {
            queue.removeFirst(first)
            first = 0
        } else if first == queue.count {
            queue.removeAll(keepingCapacity: true)
            first = 0
        }
    }
}

extension ServerLoop {
    /// So long a newcomer is left alone while there is room: longer than two round trips take on the worst of lines. Milliseconds.
    private static let welcome: Int64 = 3_000
    /// Places looked at for one newcomer.
    private static let search = 64

    /// Whether one more connection may come in. When files run short, the oldest that is not authorized yet leaves for it; when there are none at
    /// all, one that was authorized long ago and has never had a share accepted.
    mutating func hasRoomForAnother() -> Bool {
        guard parts.budget.isTight else { return true }
        let isFull = parts.budget.isFull
        while let oldest = strangers.oldest {
            let isGone = generations[oldest.index] != oldest.generation || connections[oldest.index].isMember
            guard isGone || isFull || clock.now - oldest.openedAt > Self.welcome else { return true }
            strangers.removeOldest()
            guard !isGone else { continue }
            end(oldest.index, .handshakeTimeout)
            return true
        }
        return !isFull || endIdler()
    }

    /// Goes round a few places at a time, so that a crowd at the door costs little.
    private mutating func endIdler() -> Bool {
        for _ in 0..<min(Self.search, usedPlaces) {
            idlerAt = (idlerAt + 1) % usedPlaces
            guard isOpen(idlerAt), connections[idlerAt].lastShare == 0 else { continue }
            let origin = connections[idlerAt].origin
            guard clock.now - origin.openedAt > limits.firstShare, !parts.guardian.trusts(origin.peer, at: clock.unixSeconds) else { continue }
            end(idlerAt, .idle)
            return true
        }
        return false
    }
}
