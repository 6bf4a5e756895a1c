import Glibc

/// What a new connection speaks.
extension ServerLoop {
    /// The first byte of a TLS record that holds a handshake (RFC 8446, 5.1).
    private static let handshakeRecord: UInt8 = 0x16

    /// Looks at a connection's first bytes and leaves those of Stratum or TLS where they are. True when it can be read.
    mutating func begin(_ index: Int) -> Bool {
        let listener = parts.settings.listeners[connections[index].origin.listener]
        let isProxy = connections[index].opening == .header && listener.trustedProxies.contains { $0.contains(connections[index].origin.peer) }
        let space = UnsafeMutableRawBufferPointer(rebasing: input[..<(isProxy ? ProxyHeader.limit : 1)])
        switch Socket.peek(connections[index].fd, into: space) {
        case .moved(let count):
            if isProxy { return readHeader(index, UnsafeRawBufferPointer(rebasing: space[..<count])) }
            return take(space[0], of: index, listener.tls)
        // The watch tells when more has come; the handshake's time limit ends what never does.
        case .wouldBlock: return false
        case .ended:
            end(index, .gone)
            return false
        }
    }

    private mutating func readHeader(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        switch ProxyHeader.read(bytes.bindMemory(to: UInt8.self).span) {
        case .none: break
        case .incomplete: return false
        case .malformed:
            end(index, .garbage)
            return false
        case .header(let length, let source):
            if let source { connections[index].origin.peer = source }
            _ = Socket.receive(connections[index].fd, into: UnsafeMutableRawBufferPointer(rebasing: input[..<length]))
        }
        connections[index].opening = .speech
        // What follows may be there already, and then the watch is silent.
        return begin(index)
    }

    /// Begins encryption where the first byte asks for it.
    private mutating func take(_ first: UInt8, of index: Int, _ tls: TLSContext?) -> Bool {
        connections[index].opening = .done
        // Only now is it known whom a proxy speaks for.
        switch parts.guardian.enter(connections[index].origin.peer, at: clock.unixSeconds) {
        case .admitted: connections[index].isAdmitted = true
        case .banned:
            end(index, .banned)
            return false
        case .tooMany:
            end(index, .tooMany)
            return false
        }
        guard first == Self.handshakeRecord else { return true }
        guard let channel = tls?.makeChannel(on: connections[index].fd) else {
            end(index, .garbage)
            return false
        }
        connections[index].secure = channel
        tally.secured += 1
        return true
    }
}
