import Hashing

/// From shares to verdicts.
extension ServerLoop {
    /// Takes a submitted share in: whatever can be said of it without its hash is said here, but only noted when its hash can be known.
    mutating func takeShare(from index: Int, id: Span<UInt8>, worker key: WorkerKey, _ fields: SubmitFields) {
        replies.append(PendingReply(connection: Int32(truncatingIfNeeded: index), generation: generations[index], id: id))
        let worker = connections[index].session.submitter(named: key)
        guard let identity = connections[index].session.identity else { return refuse(index, .notSubscribed, nil, fields) }
        // In the same read as the handshake's end.
        if !connections[index].isMember { joinGroup(index) }
        // Without any worker there was no job: nothing of it can be true.
        guard connections[index].isMember else { return refuse(index, .unauthorized, nil, fields) }
        if let fault = fields.fault, fault != .unknownJob { return refuse(index, fault.reason, worker, fields) }
        guard fields.fault == nil, let slot = jobs.slot(of: fields.job) else {
            return refuse(index, fields.fault == nil && jobs.wasKnown(fields.job) ? .stale : .unknownJob, worker, fields)
        }

        let key = IssuedDifficulties.Key(sequence: jobs[slot].sequence, variant: fields.variant)
        let difficulty = jobs[slot].group == connections[index].group ? connections[index].session.issued.difficulty(of: key) : nil
        let fault: RejectReason?
        if worker == nil {
            fault = .unauthorized
        } else if difficulty == nil {
            // Sent before this connection began, or so long ago that its difficulty is forgotten.
            fault = jobs[slot].supersededAt != nil ? .stale : .unknownJob
        } else if jobs[slot].tip < connections[index].tip || jobs[slot].isWithdrawn {
            fault = .stale
        } else if fields.time < jobs[slot].minimumTime || Int64(fields.time) > clock.unixSeconds + Int64(limits.timeAhead) {
            fault = .badTime
        } else if fields.versionBits & ~connections[index].session.versionMask != 0 {
            fault = .badVersion
        } else {
            fault = nil
        }

        var extranonce = InlineArray<32, UInt8>(repeating: 0)
        for place in 0..<4 { extranonce[place] = UInt8(truncatingIfNeeded: identity.extranonce1 >> UInt32(24 - 8 * place)) }
        for place in 0..<8 { extranonce[4 + place] = UInt8(truncatingIfNeeded: fields.extranonce2 >> UInt64(56 - 8 * place)) }
        extranonce[12] = fields.variant
        let candidate = Candidate(
            connection: Int32(truncatingIfNeeded: index),
            slot: Int32(truncatingIfNeeded: slot),
            // Under a name that was not authorized here it counts for nobody; but what it solves is this miner's.
            worker: worker ?? connections[index].session.firstSubmitter() ?? 0,
            hasWorker: worker != nil,
            fault: fault?.rawValue ?? 0,
            difficulty: difficulty ?? jobs[slot].bounds.hardest,
            job: fields.job
        )
        // The job's rollable bits are clear, so that replacing, adding and flipping them (BIP310, ckpool, ESP-Miner) all give this version.
        let input = ShareInput(extranonce: extranonce, version: jobs[slot].version | fields.versionBits, time: fields.time, nonce: fields.nonce)
        batch.add(candidate, input, to: jobs)
    }

    /// A share without a hash.
    private mutating func refuse(_ index: Int, _ reason: RejectReason, _ worker: UInt32?, _ fields: SubmitFields) {
        batch.add(
            refused: Candidate(
                connection: Int32(truncatingIfNeeded: index),
                slot: -1,
                worker: worker ?? 0,
                hasWorker: worker != nil,
                fault: reason.rawValue,
                difficulty: .nominal,
                job: 0
            )
        )
        switch reason {
        // What a race can explain is no offence; these no working miner sends.
        case .malformed, .badExtranonce, .unauthorized, .notSubscribed:
            if connections[index].session.offend() { perform([.close(.garbage)], for: index) }
        default: suspect(index, for: reason, slot: -1)
        }
    }

    /// Hashes the tick's shares and judges them in the order they came.
    mutating func judgeBatch() {
        guard batch.count > 0 else { return }
        let hashed = batch.hash(with: judge, jobs: jobs)
        tally.judged += UInt64(hashed.shares)
        tally.lanes += UInt64(hashed.lanes)
        let firstReply = replies.tail - UInt64(batch.count)
        for index in 0..<min(Self.lookahead, batch.count) { prepare(index) }
        for index in 0..<batch.count {
            if index + Self.lookahead < batch.count { prepare(index + Self.lookahead) }
            let candidate = batch[index]
            var record = ShareRecord(
                worker: candidate.worker,
                reason: candidate.fault,
                job: candidate.job,
                time: clock.unix,
                weight: 0,
                difficulty: 0
            )
            let number = firstReply + UInt64(index)
            // The connection may be gone since, or its place taken by another; its share counts all the same.
            let isHere = replies[number].generation == generations[Int(candidate.connection)]
            if candidate.slot >= 0 { judge(candidate, at: index, isHere: isHere, into: &record) }
            replies[number].reason = record.reason
            // Room for it was made sure of before the share was read.
            if candidate.hasWorker { replies[number].isRecorded = ring.push(record) }
        }
        batch.removeAll()
        ring.flush()
    }

    /// Candidates ahead of the one judged whose places among the duplicates are fetched.
    private static let lookahead = 12

    private func prepare(_ index: Int) {
        let slot = Int(batch[index].slot)
        if slot >= 0 { jobs[slot].duplicates.prepare(for: batch.hash(index)) }
    }

    /// Network and auxiliary targets first, whatever else there is to say about the share; then its own target, and whether it is new.
    private mutating func judge(_ candidate: Candidate, at index: Int, isHere: Bool, into record: inout ShareRecord) {
        let slot = Int(candidate.slot)
        let connection = Int(candidate.connection)
        let hash = batch.hash(index)
        record.difficulty = hash.difficulty
        let level = isHere ? connections[connection].level(of: candidate.difficulty) : Connection.Level(candidate.difficulty)
        let goals = jobs[slot].goals(of: hash)
        let isGood = record.reason == 0 && level.target.isMet(by: hash)
        let insertion = goals != 0 || isGood ? jobs.credit(hash, to: slot) : .duplicate
        if goals != 0, insertion != .duplicate { handOn(candidate, batch.input(index), hash, goals) }
        guard record.reason == 0 else {
            if isHere, let reason = RejectReason(rawValue: record.reason) { suspect(connection, for: reason, slot: slot) }
            return
        }
        guard isGood else {
            record.reason = RejectReason.lowDifficulty.rawValue
            if isHere { suspect(connection) }
            return
        }
        switch insertion {
        case .inserted: break
        case .duplicate:
            record.reason = RejectReason.duplicate.rawValue
            if isHere { suspect(connection) }
            return
        case .full: return record.reason = RejectReason.storeUnavailable.rawValue
        }
        record.weight = level.weight
        guard isHere else { return }
        if connections[connection].lastShare == 0 { parts.guardian.praise(connections[connection].origin.peer) }
        connections[connection].lastShare = clock.unix
        connections[connection].worthless = 0
        connections[connection].session.forgive()
        if connections[connection].session.difficulty.record(shareOf: candidate.difficulty.value, at: clock.now) == .now { wantResend(connection) }
    }

    private mutating func handOn(_ candidate: Candidate, _ input: ShareInput, _ hash: Hash256, _ goals: UInt64) {
        let job = jobs[Int(candidate.slot)].job
        tally.solved += 1
        host.solved(
            Solution(
                job: job,
                extranonce: (0..<job.plan.extranonceSize).map { input.extranonce[$0] },
                version: input.version,
                time: input.time,
                nonce: input.nonce,
                hash: hash,
                worker: candidate.worker,
                goals: goals,
                readAt: clock.nanoseconds
            )
        )
    }
}
