import CLinux

/// What others tell the loop, and what it does by the clock.
extension ServerLoop {
    mutating func readMail() {
        for message in mailbox.takeAll() {
            switch message {
            case .publish(let job, let clean): publish(job, clean: clean)
            case .withdraw(let group): withdraw(group: group)
            case .kick(let id): forEachConnection { loop, index in if loop.connections[index].origin.id == id { loop.end(index, .kicked) } }
            case .expel(let key):
                forEachConnection { loop, index in if AddressGuard.Key(loop.connections[index].origin.peer) == key { loop.end(index, .banned) } }
            case .setDifficulty(let worker, let difficulty):
                forEachConnection(of: worker) { loop, index in
                    if loop.connections[index].session.difficulty.pin(difficulty, at: loop.clock.now) != .none { loop.wantResend(index) }
                }
            case .retune(let difficulties): retune(difficulties)
            case .showMessage(let worker, let text):
                forEachConnection(of: worker) { loop, index in loop.queue(Reply.showMessage(text), for: index) }
            case .reconnect(let worker, let host, let port, let seconds):
                forEachConnection(of: worker) { loop, index in loop.queue(Reply.reconnect(host: host, port: port, after: seconds), for: index) }
            case .drain(let order): begin(order)
            case .adopt(let migrant): arrivals.append(migrant)
            case .report(let answer): answer(reports())
            case .stop(let patience): close(.end(by: min(closing?.deadline ?? .max, clock.now + patience)))
            case .rest(let patience, let atRest): close(.rest(by: clock.now + patience, atRest))
            case .handOver(let answer): answer(handOver())
            }
        }
    }

    mutating func forEachConnection(of worker: UInt32? = nil, _ body: (inout ServerLoop, Int) -> Void) {
        for index in 0..<usedPlaces where isOpen(index) {
            if let worker, !connections[index].session.workers.contains(where: { $0.authorization.worker == worker }) { continue }
            body(&self, index)
        }
    }

    private mutating func retune(_ difficulties: [DifficultySettings]) {
        guard difficulties.count == self.difficulties.count else { return }
        self.difficulties = difficulties
        forEachConnection { loop, index in
            let settings = difficulties[loop.connections[index].origin.listener]
            if loop.connections[index].session.difficulty.adopt(settings, at: loop.clock.now) != .none { loop.wantResend(index) }
        }
    }

    private func reports() -> [ConnectionReport] {
        var reports: [ConnectionReport] = []
        for index in 0..<usedPlaces where isOpen(index) {
            let authorization = connections[index].session.workers.first?.authorization
            let lastShare = connections[index].lastShare
            reports.append(
                ConnectionReport(
                    connection: connections[index].origin.id,
                    peer: connections[index].origin.peer,
                    agent: connections[index].session.agent,
                    account: authorization?.account ?? "",
                    worker: authorization?.workerName ?? "",
                    difficulty: connections[index].session.workingDifficulty?.value,
                    since: connections[index].origin.since,
                    lastShare: lastShare == 0 ? nil : lastShare / 1_000
                )
            )
        }
        return reports
    }

    private mutating func close(_ closing: Closing) {
        self.closing = closing
        if isAccepting { for fd in parts.listening { _ = linux_unwatch(poll, fd) } }
        isAccepting = false
    }

    // MARK: By the clock

    mutating func keepHouse() {
        if let closing { return finish(closing) }
        guard clock.now >= nextRound else { return }
        nextRound = clock.now + Self.roundTime
        round = (round + 1) % Self.rounds
        var index = round
        while index < usedPlaces {
            if isOpen(index) { check(index) }
            index += Self.rounds
        }
        guard round == 0 else { return }
        registry.expire(at: clock.now)
        strangers.forget(before: clock.now - limits.handshake)
        jobs.retire(at: clock.now, memory: limits.duplicateMemory)
        dropIdleGroups()
        if !isAccepting {
            isAccepting = true
            watchListeners()
        }
    }

    /// Lines forgotten of each connection at each look.
    private static let chatter: Int32 = 10

    /// Comes by once a second.
    private mutating func check(_ index: Int) {
        let now = clock.now
        sendAwayWhenDue(index)
        // Time in which nobody was listened to is not held against anybody.
        let opened = max(connections[index].origin.openedAt, unheardUntil)
        let heard = max(connections[index].heardAt, unheardUntil)
        if connections[index].leavesAt > 0, now >= connections[index].leavesAt { return sendAway(index) }
        if !connections[index].isMember, now - opened > limits.handshake { return end(index, .handshakeTimeout) }
        if now - heard > limits.idle { return end(index, .idle) }
        if connections[index].stalledAt > 0, now - connections[index].stalledAt > limits.stall { return end(index, .slowReader) }
        // A byte now and then is no reading: the text is a template's, which many may hold for ever.
        if let transfer = connections[index].transfer, now - transfer.begunAt > limits.transfer { return end(index, .slowReader) }
        connections[index].chatter = max(0, connections[index].chatter - Self.chatter)
        // A miner without work is silent for a good reason.
        guard connections[index].isMember, groups[connections[index].group]?.current ?? -1 >= 0 else { return }
        if connections[index].session.difficulty.silence(at: now, unheardUntil: unheardUntil) == .now { wantResend(index) }
    }

    /// Groups that nobody mines and nobody renews keep neither job nor place.
    private mutating func dropIdleGroups() {
        for (id, group) in groups where group.members.isEmpty {
            let slot = Int(group.current)
            guard slot < 0 || clock.now - jobs[slot].publishedAt > limits.jobRetention else { continue }
            if slot >= 0 { jobs.supersede(slot, at: clock.now) }
            groups[id] = nil
        }
    }

    private mutating func finish(_ closing: Closing) {
        guard replies.isEmpty || clock.now >= closing.deadline else { return }
        if case .rest(let deadline, let atRest) = closing {
            self.closing = .rest(by: deadline, nil)
            atRest?()
            return
        }
        for index in 0..<usedPlaces where isOpen(index) {
            flush(index)
            if isOpen(index) { end(index, .stopped) }
        }
        isFinished = true
    }
}
