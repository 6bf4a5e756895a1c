/// From jobs to miners.
extension ServerLoop {
    /// A client's wishes may bring it a job again so often; further ones wait for the next job.
    private static let variantsPerJob: UInt8 = 16

    // MARK: Groups

    /// Gives a connection that is ready for it its group's work, once, or again when its group has changed.
    mutating func joinGroup(_ index: Int) {
        guard connections[index].session.isReady, let group = connections[index].session.group else { return }
        if connections[index].isMember {
            guard connections[index].group != group else { return }
            leaveGroup(index)
        }
        enlist(index, in: group)
        let slot = Int(groups[group]?.current ?? -1)
        if slot < 0 { groups[group]?.isWanted = true }
        // A group that had no miners for a while may have a job that nobody renews any more.
        if groups[group]?.members.count == 1 { host.wantsJob(group: group) }
        if slot >= 0 { sendFirstJob(slot, to: index) }
    }

    mutating func enlist(_ index: Int, in group: UInt32) {
        connections[index].group = group
        connections[index].place = Int32(truncatingIfNeeded: groups[group, default: Group()].members.count)
        groups[group, default: Group()].members.append(Int32(truncatingIfNeeded: index))
        if groups[group]?.members.count == 1 { parts.census.enter(group) }
        tally.working += 1
    }

    mutating func leaveGroup(_ index: Int) {
        guard connections[index].isMember else { return }
        let group = connections[index].group
        let place = Int(connections[index].place)
        connections[index].place = -1
        tally.working -= 1
        // The last member takes the place that has become free.
        guard let last = groups[group]?.members.popLast() else { return }
        if Int(last) != index {
            groups[group]?.members[place] = last
            connections[Int(last)].place = Int32(truncatingIfNeeded: place)
        }
        guard groups[group]?.members.isEmpty == true else { return }
        parts.census.leave(group)
        groups[group]?.isWanted = false
    }

    // MARK: Publishing

    mutating func publish(_ job: Job, clean: Bool) {
        guard let slot = jobs.insert(job, at: clock.now) else { return }
        var isClean = clean
        let previous = Int(groups[job.group]?.current ?? -1)
        if previous >= 0 {
            isClean = isClean || jobs[previous].tip != job.tip
            jobs.supersede(previous, at: clock.now)
        }
        groups[job.group, default: Group()].current = Int32(truncatingIfNeeded: slot)
        groups[job.group]?.isWanted = false
        let members = groups[job.group]?.members ?? []
        let text = isClean ? jobs[slot].text.clean : jobs[slot].text.plain
        let key = IssuedDifficulties.Key(sequence: jobs[slot].sequence, variant: 0)
        // From the end, because a connection that breaks on the way leaves its place to the last one.
        for index in members.reversed() { send(key, slot, text, to: Int(index)) }
    }

    /// Nothing that miners hold can win any more. They keep their last job, for there is no other; its shares are stale.
    mutating func withdraw(group: UInt32?) {
        for id in groups.keys where group == nil || group == id {
            let slot = Int(groups[id]?.current ?? -1)
            guard slot >= 0 else { continue }
            jobs[slot].isWithdrawn = true
            jobs.supersede(slot, at: clock.now)
            groups[id]?.current = -1
        }
    }

    private mutating func send(_ key: IssuedDifficulties.Key, _ slot: Int, _ text: [UInt8], to index: Int) {
        guard isOpen(index) else { return }
        connections[index].tip = jobs[slot].tip
        if let lines = connections[index].session.issue(key, within: jobs[slot].bounds, at: clock.now) { queue(lines, for: index) }
        sendShared(text, to: index)
    }

    /// The first job of a connection: whatever it worked on before, it is to drop.
    private mutating func sendFirstJob(_ slot: Int, to index: Int) {
        let sequence = jobs[slot].sequence
        if connections[index].session.issued.last?.sequence == sequence {
            // A resumed session has had this job: it must not get the same header at another difficulty.
            guard let key = connections[index].session.keyForReissue(within: jobs[slot].bounds, limit: .max) else { return }
            guard let text = jobs[slot].text.variant(key.variant, clean: true) else { return }
            return send(key, slot, text, to: index)
        }
        send(IssuedDifficulties.Key(sequence: sequence, variant: 0), slot, jobs[slot].text.clean, to: index)
    }

    // MARK: Sending again

    mutating func wantResend(_ index: Int) {
        guard !connections[index].wantsResend else { return }
        connections[index].wantsResend = true
        resends.append(Int32(truncatingIfNeeded: index))
    }

    /// Sends the current job again, as another header, to those whose difficulty must change at once.
    mutating func sendResends() {
        for index in resends {
            let index = Int(index)
            guard isOpen(index), connections[index].wantsResend else { continue }
            connections[index].wantsResend = false
            guard connections[index].isMember else { continue }
            let slot = Int(groups[connections[index].group]?.current ?? -1)
            guard slot >= 0, connections[index].session.wouldChange(within: jobs[slot].bounds) else { continue }
            guard let key = connections[index].session.keyForReissue(within: jobs[slot].bounds, limit: Self.variantsPerJob),
                key.sequence == jobs[slot].sequence, let text = jobs[slot].text.variant(key.variant, clean: false)
            else { continue }
            send(key, slot, text, to: index)
        }
        resends.removeAll(keepingCapacity: true)
    }

    // MARK: Transactions

    /// A template's transactions can be a thousand times what was asked with: each connection gets each job's once, from shared bytes.
    mutating func sendTransactions(to index: Int, id: RequestID, of job: SubmitFields?) {
        let slot: Int?
        if let job {
            slot = job.fault == nil ? jobs.slot(of: job.job) : nil
        } else {
            slot = (groups[connections[index].group]?.current).map(Int.init)
        }
        guard connections[index].isMember, let slot, slot >= 0, jobs[slot].group == connections[index].group else {
            return queue(Reply.refusal(id, .unknownJob), for: index)
        }
        guard connections[index].transactionsJob != jobs[slot].job.id.value, connections[index].transfer == nil else {
            return queue(Reply.refusal(id, text: "already-sent"), for: index)
        }
        if jobs[slot].transactions == nil { jobs[slot].transactions = jobs[slot].job.transactions?() }
        guard let text = jobs[slot].transactions, !text.isEmpty else { return queue(Reply.refusal(id, text: "not-available"), for: index) }
        connections[index].transactionsJob = jobs[slot].job.id.value
        queue(Array(#"{"id":"#.utf8) + id.text + Array(#","result":"#.utf8), for: index)
        connections[index].transfer = Transfer(text, after: connections[index].output.count, at: clock.now)
        queue(Array(",\"error\":null}\n".utf8), for: index)
    }
}
