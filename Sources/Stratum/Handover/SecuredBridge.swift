internal import Glibc

/// Goes on decrypting for miners whose sessions have gone to another process, until that process has sent them away.
public enum SecuredBridge {
    /// Longer than the other process may take to send them away: `limits.departureSeconds` is an hour at most. It ends with the last of them.
    private static let patience: Int64 = 3_700_000
    private static let portion = 16_384

    /// Returns when every miner has gone; it blocks.
    public static func run(_ pairs: [SecuredPair]) {
        var lanes = pairs.map { Lane($0) }
        var room = [UInt8](repeating: 0, count: portion)
        // OpenSSL may hold what came before.
        for index in lanes.indices { lanes[index].move(by: &room) }
        var events: [pollfd] = []
        let end = LoopClock().now + patience
        while LoopClock().now < end {
            lanes.removeAll { !$0.isOpen }
            if lanes.isEmpty { return }
            events.removeAll(keepingCapacity: true)
            for lane in lanes { events += [lane.minersWish, lane.poolsWish] }
            guard poll(&events, nfds_t(events.count), 1_000) > 0 else { continue }
            for index in lanes.indices where (events[2 * index].revents | events[2 * index + 1].revents) != 0 { lanes[index].move(by: &room) }
        }
        for index in lanes.indices { lanes[index].close() }
    }

    /// One miner: what it wrote and what it shall read, each at most a portion that the other side has not taken yet.
    private struct Lane {
        let pair: SecuredPair
        private(set) var isOpen = true
        private var toPool: [UInt8] = []
        private var toMiner: [UInt8] = []
        /// The pool has let go of it: what it was sent goes out first.
        private var isLeaving = false

        init(_ pair: SecuredPair) { self.pair = pair }

        var minersWish: pollfd {
            pollfd(fd: pair.socket, events: Int16((toPool.isEmpty ? POLLIN : 0) | (toMiner.isEmpty ? 0 : POLLOUT)), revents: 0)
        }

        /// A pair that the pool has closed would always have something to tell.
        var poolsWish: pollfd {
            let events = Int16((toMiner.isEmpty ? POLLIN : 0) | (toPool.isEmpty ? 0 : POLLOUT))
            return pollfd(fd: isLeaving ? -1 : pair.near, events: events, revents: 0)
        }

        /// Moves all that can be moved: OpenSSL may hold more than the socket shows.
        mutating func move(by room: inout [UInt8]) {
            while isOpen {
                let isOnTheWay = moveToPool(by: &room)
                guard moveToMiner(by: &room) || isOnTheWay else { break }
            }
            if isLeaving, toMiner.isEmpty { close() }
        }

        mutating func close() {
            guard isOpen else { return }
            isOpen = false
            Glibc.close(pair.near)
            pair.channel.end()
            Glibc.close(pair.socket)
        }

        /// Whether anything was moved.
        private mutating func moveToPool(by room: inout [UInt8]) -> Bool {
            if toPool.isEmpty {
                switch room.withUnsafeMutableBytes({ pair.channel.receive(into: $0) }) {
                case .moved(let count): toPool = Array(room[..<count])
                case .wouldBlock: return false
                case .ended:
                    close()
                    return false
                }
            }
            if isLeaving {
                // Nobody takes it any more; it was read to learn when the miner goes.
                toPool = []
                return true
            }
            switch toPool.withUnsafeBytes({ Socket.send(pair.near, $0) }) {
            case .moved(let count):
                toPool.removeFirst(count)
                return true
            case .wouldBlock: return false
            case .ended:
                isLeaving = true
                return true
            }
        }

        /// Whether anything was moved.
        private mutating func moveToMiner(by room: inout [UInt8]) -> Bool {
            guard isOpen else { return false }
            if toMiner.isEmpty, !isLeaving {
                switch room.withUnsafeMutableBytes({ Socket.receive(pair.near, into: $0) }) {
                case .moved(let count): toMiner = Array(room[..<count])
                case .wouldBlock: return false
                case .ended: isLeaving = true
                }
            }
            guard !toMiner.isEmpty else { return false }
            switch toMiner.withUnsafeBytes({ pair.channel.send($0) }) {
            case .moved(let count):
                toMiner.removeFirst(count)
                return true
            case .wouldBlock: return false
            case .ended:
                close()
                return false
            }
        }
    }
}
