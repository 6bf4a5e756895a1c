internal import Glibc

/// Goes on decrypting for miners whose sessions have gone to another process, until that process has sent them away.
public enum SecuredBridge {
    /// Longer than the other process takes to send them away.
    private static let patience: Int64 = 120_000
    private static let portion = 16_384

    /// Returns when every miner has gone; it blocks.
    public static func run(_ pairs: [SecuredPair]) {
        var lanes = pairs.map { Lane($0) }
        let end = LoopClock().now + patience
        while lanes.contains(where: \.isOpen), LoopClock().now < end {
            var events = lanes.filter(\.isOpen).flatMap(\.wishes)
            _ = poll(&events, nfds_t(events.count), 1_000)
            for index in lanes.indices where lanes[index].isOpen { lanes[index].move() }
        }
        for index in lanes.indices { lanes[index].close() }
    }

    /// The same on a thread of its own.
    public static func start(_ pairs: [SecuredPair]) {
        var thread = pthread_t()
        let luggage = Unmanaged.passRetained(Luggage(pairs))
        guard pthread_create(&thread, nil, securedBridgeMain, luggage.toOpaque()) == 0 else { return luggage.release() }
        pthread_detach(thread)
    }

    fileprivate final class Luggage: Sendable {
        let pairs: [SecuredPair]

        init(_ pairs: [SecuredPair]) { self.pairs = pairs }
    }

    /// One miner: what it wrote and what it shall read, each at most a portion that the other side has not taken yet.
    private struct Lane {
        let pair: SecuredPair
        private(set) var isOpen = true
        private var toPool: ArraySlice<UInt8> = []
        private var toMiner: ArraySlice<UInt8> = []
        /// The pool has let go of it: what it was sent goes out first.
        private var isLeaving = false

        init(_ pair: SecuredPair) { self.pair = pair }

        var wishes: [pollfd] {
            [
                pollfd(fd: pair.socket, events: Int16((toPool.isEmpty ? POLLIN : 0) | (toMiner.isEmpty ? 0 : POLLOUT)), revents: 0),
                pollfd(fd: pair.near, events: Int16((toMiner.isEmpty ? POLLIN : 0) | (toPool.isEmpty ? 0 : POLLOUT)), revents: 0),
            ]
        }

        mutating func move() {
            // OpenSSL may hold more than the socket shows.
            while isOpen {
                let before = (toPool.count, toMiner.count)
                moveToPool()
                moveToMiner()
                if before == (toPool.count, toMiner.count) { break }
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

        private mutating func moveToPool() {
            if toPool.isEmpty {
                var bytes = [UInt8](repeating: 0, count: SecuredBridge.portion)
                switch bytes.withUnsafeMutableBytes({ pair.channel.receive(into: $0) }) {
                case .moved(let count): toPool = bytes[..<count]
                case .wouldBlock: return
                case .ended: return close()
                }
            }
            switch toPool.withUnsafeBytes({ Socket.send(pair.near, $0) }) {
            case .moved(let count): toPool = toPool.dropFirst(count)
            case .wouldBlock: break
            case .ended: isLeaving = true
            }
        }

        private mutating func moveToMiner() {
            guard isOpen else { return }
            if toMiner.isEmpty, !isLeaving {
                var bytes = [UInt8](repeating: 0, count: SecuredBridge.portion)
                switch bytes.withUnsafeMutableBytes({ Socket.receive(pair.near, into: $0) }) {
                case .moved(let count): toMiner = bytes[..<count]
                case .wouldBlock: return
                case .ended: isLeaving = true
                }
            }
            guard !toMiner.isEmpty else { return }
            switch toMiner.withUnsafeBytes({ pair.channel.send($0) }) {
            case .moved(let count): toMiner = toMiner.dropFirst(count)
            case .wouldBlock: break
            case .ended: close()
            }
        }
    }
}

/// Outside any isolation: a closure made on the main actor would trap on the new thread.
private func securedBridgeMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { SecuredBridge.run(Unmanaged<SecuredBridge.Luggage>.fromOpaque(argument).takeRetainedValue().pairs) }
    return nil
}
