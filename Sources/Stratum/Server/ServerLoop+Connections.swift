import CLinux
import Glibc

/// Connections come and go.
extension ServerLoop {
    /// Accepted in one go at most, so that a storm of connections does not keep shares waiting.
    private static let acceptsPerTick = 128

    mutating func accept(from listener: Int) {
        guard parts.listening.indices.contains(listener), closing == nil else { return }
        for _ in 0..<Self.acceptsPerTick {
            switch Socket.accept(from: parts.listening[listener]) {
            case .accepted(let fd, _) where drain != nil:
                tally.opened += 1
                tally.count(DisconnectReason.drained)
                close(fd)
            case .accepted(let fd, let peer):
                guard hasRoomForAnother() else {
                    tally.opened += 1
                    tally.count(DisconnectReason.tooMany)
                    close(fd)
                    continue
                }
                let settings = parts.settings.listeners[listener]
                let session = Session(
                    settings: Session.Settings(versionMask: settings.versionMask, offenceLimit: parts.settings.offenceLimit),
                    difficulty: difficulties[listener],
                    at: clock.now
                )
                let id = UInt64(parts.number) << 48 | nextConnection
                nextConnection += 1
                tally.opened += 1
                let origin = ConnectionOrigin(
                    socket: fd,
                    listener: listener,
                    peer: peer,
                    id: id,
                    openedAt: clock.now,
                    since: clock.unixSeconds
                )
                let connection = Connection(origin, session: session, at: clock.now)
                if let index = open(connection) { strangers.append(index, generation: generations[index], at: clock.now) }
            case .nothing: return
            case .exhausted: return pauseAccepting()
            }
        }
    }

    /// Puts a connection in its place; nil when there is none, and then it is closed.
    mutating func open(_ connection: consuming Connection) -> Int? {
        guard let index = freePlaces.popLast().map(Int.init) ?? (usedPlaces < connections.capacity ? usedPlaces : nil) else {
            close(connection.fd)
            dismissWorkers(of: connection)
            return nil
        }
        usedPlaces = max(usedPlaces, index + 1)
        let fd = connection.fd
        generations[index] &+= 1
        connections.initialize(index, to: connection)
        tally.open += 1
        if connections[index].secure != nil { tally.secured += 1 }
        parts.budget.enter()
        guard linux_watch_edges(poll, fd, UInt64(generations[index]) << 32 | UInt64(index)) == 0 else {
            end(index, .gone)
            return nil
        }
        return index
    }

    /// Closes a connection and keeps what its miner may come back for.
    mutating func end(_ index: Int, _ reason: DisconnectReason, keepsSession: Bool = true) {
        tally.count(reason)
        leaveGroup(index)
        if connections[index].isAdmitted {
            let wasGood = connections[index].lastShare != 0
            let peer = connections[index].origin.peer
            let offended = reason.isOffence || isIdleHandshake(index, reason)
            if parts.guardian.leave(peer, wasGood: wasGood, offended: offended, at: clock.unixSeconds) {
                tally.bans += 1
                host.banned(peer, reason: reason)
            }
        }
        dismissWorkers(of: connections[index])
        if keepsSession { registry.close(connections[index].session, at: clock.now) }
        connections[index].secure?.end()
        close(connections[index].fd)
        vacate(index)
    }

    /// Its names are other connections' matter from here on.
    private func dismissWorkers(of connection: borrowing Connection) {
        for worker in connection.session.workers { host.dismiss(worker.authorization, isOnRecord: worker.isOnRecord) }
    }

    /// A TLS handshake with no miner behind it: nothing else that a stranger may do costs the pool as much. Names are free, so only one that
    /// stays a while, or has a share accepted, is taken for a miner.
    private func isIdleHandshake(_ index: Int, _ reason: DisconnectReason) -> Bool {
        guard connections[index].secure != nil, connections[index].lastShare == 0 else { return false }
        let isShort = clock.now - connections[index].origin.openedAt < Self.stay
        return reason == .handshakeTimeout || reason == .gone && (isShort || !connections[index].session.isReady)
    }

    private static let stay: Int64 = 60_000

    /// Frees a connection's place; what it held is dropped, its socket stays.
    mutating func vacate(_ index: Int) {
        connections[index].output.drop(into: pool)
        if connections[index].secure != nil { tally.secured -= 1 }
        _ = connections.move(index)
        generations[index] &+= 1
        freePlaces.append(Int32(truncatingIfNeeded: index))
        tally.open -= 1
        parts.budget.leave()
    }

    /// Hands a connection to the loop that its session belongs to, with the input that is not looked at yet.
    mutating func migrate(_ index: Int, to loop: Int, input: Span<UInt8>) {
        leaveGroup(index)
        _ = linux_unwatch(poll, connections[index].fd)
        let output = Array(connections[index].output.unsent)
        let migrant = Migrant(connections[index], input: input.withUnsafeBufferPointer { Array($0) }, output: output)
        vacate(index)
        parts.mailboxes[loop].post(.adopt(migrant))
    }

    mutating func adopt(_ migrant: Migrant) {
        var connection = Connection(migrant, at: clock.now)
        connection.output.append(migrant.output, from: pool)
        guard let index = open(connection) else { return }
        if !connections[index].session.isReady { strangers.append(index, generation: generations[index], at: clock.now) }
        markDirty(index)
        // What was read already goes first; what is still in the socket is told by its watch.
        let count = min(migrant.input.count, input.count)
        migrant.input.withUnsafeBytes { input.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        processInput(of: index, count: count)
    }

    /// No file descriptor is left: the listeners would only wake us for nothing.
    private mutating func pauseAccepting() {
        guard isAccepting else { return }
        isAccepting = false
        for fd in parts.listening { _ = linux_unwatch(poll, fd) }
    }
}
