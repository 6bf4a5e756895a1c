import Glibc

/// A loop's leave, and how another process's loop goes on.
extension ServerLoop {
    // MARK: Handing over

    /// Gives all that another process needs. Nothing waits to be judged or answered any more, and from here on the loop has nothing left.
    mutating func handOver() -> LoopState? {
        var state = LoopState()
        state.listening = zip(parts.settings.listeners, parts.listening).map { FormerSocket(name: $0.address, socket: $1) }
        state.jobs = jobs.jobs
        do throws(HandoverStream.Failure) {
            try passBooks(through: &state.stream, jobs: [:])
            var count = UInt32(truncatingIfNeeded: (0..<usedPlaces).count { isOpen($0) && canTravel($0) })
            try state.stream.pass(&count)
            state.connections = Int(count) + arrivals.count
            for index in 0..<usedPlaces where isOpen(index) {
                if canTravel(index) { try give(index, to: &state) } else { end(index, .stopped) }
            }
            count = UInt32(truncatingIfNeeded: arrivals.count)
            try state.stream.pass(&count)
            for migrant in arrivals { try give(migrant, to: &state) }
        } catch {
            return nil
        }
        arrivals = []
        isHandedOver = true
        isFinished = true
        return state
    }

    /// A handshake under way cannot go on elsewhere.
    private func canTravel(_ index: Int) -> Bool { connections[index].secure?.isOpen ?? true }

    private mutating func give(_ index: Int, to state: inout LoopState) throws(HandoverStream.Failure) {
        flush(index)
        // It may have ended on the way; then its peer is told so by the next process.
        guard isOpen(index) else { return try giveNothing(to: &state.stream) }
        // A reader so slow would be ended there; all of them together must not be more than the other process can take.
        guard unsentCount(of: index) <= limits.output else {
            end(index, .slowReader)
            return try giveNothing(to: &state.stream)
        }
        var pair: SecuredPair?
        if let channel = connections[index].secure {
            pair = SecuredPair(channel: channel, socket: connections[index].fd)
            guard pair != nil else {
                end(index, .moved)
                return try giveNothing(to: &state.stream)
            }
        }
        var travel = ConnectionState(origin: connections[index].origin)
        travel.isMember = connections[index].isMember
        travel.isSecured = connections[index].secure != nil || connections[index].leavesAt > 0
        travel.input = connections[index].tail.bytes
        travel.output = unsent(of: index)
        if let pair {
            travel.origin.socket = pair.far
            state.secured.append(pair)
        }
        try travel.pass(through: &state.stream)
        try connections[index].pass(through: &state.stream)
        vacate(index)
    }

    private func giveNothing(to stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var travel = ConnectionState()
        try travel.pass(through: &stream)
        var blank = connection(from: travel)
        try blank.pass(through: &stream)
    }

    private func give(_ migrant: Migrant, to state: inout LoopState) throws(HandoverStream.Failure) {
        var travel = ConnectionState(origin: migrant.origin)
        travel.isArrival = true
        travel.input = migrant.input
        travel.output = migrant.output
        travel.isSecured = migrant.leavesAt > 0
        if let channel = migrant.secure {
            guard let pair = SecuredPair(channel: channel, socket: migrant.origin.socket) else {
                channel.end()
                close(migrant.origin.socket)
                return try giveNothing(to: &state.stream)
            }
            travel.origin.socket = pair.far
            travel.isSecured = true
            state.secured.append(pair)
        }
        try travel.pass(through: &state.stream)
        var connection = Connection(migrant, at: clock.now)
        try connection.pass(through: &state.stream)
    }

    private func unsentCount(of index: Int) -> Int {
        connections[index].output.count + (connections[index].transfer.map { $0.text.count - $0.sent } ?? 0)
    }

    /// What it was sent and has not read, a long text in its middle included.
    private func unsent(of index: Int) -> [UInt8] {
        let queued = Array(connections[index].output.unsent)
        guard let transfer = connections[index].transfer else { return queued }
        return Array(queued[..<transfer.leading] + transfer.text[transfer.sent...] + queued[transfer.leading...])
    }

    // MARK: Taking over

    /// Goes on with what another process's loop had. Nothing is sent or read before ``run()``.
    ///
    /// - Parameters:
    ///   - jobs: the jobs that could be made again, by id.
    ///   - listeners: which of the listeners each of the other's has become.
    mutating func takeOver(_ state: LoopState, jobs: [UInt64: Job], listeners: [Int?]) throws(HandoverStream.Failure) {
        var stream = state.stream
        // Nobody was listened to until now.
        unheardUntil = clock.now
        try passBooks(through: &stream, jobs: jobs)
        for _ in 0..<2 {
            var count: UInt32 = 0
            try stream.pass(&count)
            for _ in 0..<count { try take(from: &stream, listeners) }
        }
        // The other process may have been asked and not have come to it.
        for (group, entry) in groups where entry.isWanted { host.wantsJob(group: group) }
    }

    private mutating func take(from stream: inout HandoverStream, _ listeners: [Int?]) throws(HandoverStream.Failure) {
        var travel = ConnectionState()
        try travel.pass(through: &stream)
        let listener = listeners.indices.contains(travel.origin.listener) ? listeners[travel.origin.listener] : nil
        travel.origin.listener = listener ?? 0
        var connection = connection(from: travel)
        try connection.pass(through: &stream)
        guard travel.origin.socket >= 0 else { return }
        connection.session.readmit { host.readmit($0) }
        if travel.isSecured { connection.leavesAt = clock.now + Int64.random(in: 1...max(1, limits.departure)) }
        if connection.isAdmitted { parts.guardian.readmit(connection.origin.peer, wasGood: connection.lastShare != 0) }
        if travel.isArrival {
            arrivals.append(Migrant(connection, input: travel.input, output: travel.output))
            return
        }
        travel.input.withUnsafeBytes { connection.tail.keep($0) }
        connection.output.append(travel.output, from: pool)
        let (group, identity) = (connection.group, connection.session.identity)
        let isReady = connection.session.isReady
        guard let index = open(connection) else { return }
        if let identity { registry.reopen(identity, for: index) }
        // Its listener is no longer configured, or its worker is not taken any more.
        guard listener != nil, isReady || !travel.isMember else { return end(index, .stopped) }
        if travel.isMember { enlist(index, in: group) }
        if !isReady { strangers.append(index, generation: generations[index], at: clock.now) }
        if !connections[index].isDrained { markDirty(index) }
    }

    private func connection(from travel: ConnectionState) -> Connection {
        let listeners = parts.settings.listeners
        // A pool for others' software alone may have none; who came to one that is gone is closed a moment later.
        let settings = listeners.indices.contains(travel.origin.listener) ? listeners[travel.origin.listener] : StratumListener(address: "")
        let session = Session(
            settings: Session.Settings(versionMask: settings.versionMask, offenceLimit: parts.settings.offenceLimit),
            difficulty: settings.difficulty,
            at: clock.now
        )
        return Connection(travel.origin, session: session, at: clock.now)
    }

    /// Its encryption ends with the process that has it: the miner finds its session again when it comes back.
    mutating func sendAway(_ index: Int) {
        queue(Reply.reconnect, for: index)
        flush(index)
        if isOpen(index) { end(index, .moved) }
    }

    // MARK: Both ways

    /// All but the connections.
    private mutating func passBooks(through stream: inout HandoverStream, jobs known: [UInt64: Job]) throws(HandoverStream.Failure) {
        try stream.pass(&nextConnection)
        try jobs.pass(through: &stream, jobs: known)
        var list = groups.map { (id: $0, job: $1.current >= 0 ? jobs[Int($1.current)].job.id.value : 0, isWanted: $1.isWanted) }
        try stream.pass(&list, blank: (0, 0, false)) { stream, group throws(HandoverStream.Failure) in
            try stream.pass(&group.id)
            try stream.pass(&group.job)
            try stream.pass(&group.isWanted)
        }
        if stream.isReading {
            for group in list {
                let slot = jobs.slot(of: group.job)
                groups[group.id] = Group(current: slot.map { Int32(truncatingIfNeeded: $0) } ?? -1, isWanted: group.isWanted)
            }
        }
        let difficulty = parts.settings.listeners.first?.difficulty ?? DifficultySettings()
        try registry.pass(through: &stream, difficulty: difficulty, at: clock.now)
    }
}
