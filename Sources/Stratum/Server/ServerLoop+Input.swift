import Glibc

/// From sockets to messages and shares.
extension ServerLoop {
    /// A connection with so many unsent bytes is read no further.
    private static let heldOutput = 64 << 10
    /// So many shares are judged before more is read: their lanes are full, and one that solves a block waits some 0.1 ms for the others.
    private static let fullBatch = 128

    mutating func readSockets() {
        isBlocked = false
        guard closing == nil else { return }
        takeArrivals()
        guard !ready.isEmpty else { return }
        swap(&ready, &reading)
        for index in reading {
            let index = Int(index)
            // Closed meanwhile, or in the list of an earlier connection at this place.
            guard isOpen(index), connections[index].isReady else { continue }
            if !hasRoomForARead { judgeBatch() }
            guard hasRoomForARead else {
                isBlocked = true
                unheardUntil = clock.now
                ready.append(Int32(truncatingIfNeeded: index))
                continue
            }
            connections[index].isReady = false
            // Who asks and does not read waits for itself, and for nobody else.
            if connections[index].output.count > Self.heldOutput { connections[index].isHeld = true } else { read(index) }
            if batch.count >= Self.fullBatch {
                judgeBatch()
                // A share's time is that of its own read.
                clock.read()
            }
        }
        reading.removeAll(keepingCapacity: true)
    }

    private mutating func takeArrivals() {
        while !arrivals.isEmpty {
            if !hasRoomForARead { judgeBatch() }
            guard hasRoomForARead else { return }
            adopt(arrivals.removeFirst())
            if arrivals.isEmpty { arrivals = [] }
        }
    }

    /// Whether all the shares that one read can bring find room on their whole way.
    private var hasRoomForARead: Bool {
        batch.room >= Self.submitsPerRead && replies.room >= Self.submitsPerRead && ring.room - batch.count >= Self.submitsPerRead
    }

    private mutating func read(_ index: Int) {
        if connections[index].opening != .done, !begin(index) { return }
        let held = connections[index].tail.move(to: input)
        let space = UnsafeMutableRawBufferPointer(rebasing: input[held..<(held + Self.readSize)])
        switch connections[index].receive(into: space) {
        case .moved(let count):
            tally.bytesRead += UInt64(count)
            connections[index].heardAt = clock.now
            if !connections[index].isMember {
                connections[index].strangeBytes += Int32(truncatingIfNeeded: count)
                if Int(connections[index].strangeBytes) > parts.settings.strangerLimit, !connections[index].session.isReady {
                    return end(index, .garbage)
                }
            }
            let generation = generations[index]
            processInput(of: index, count: held + count)
            // Told only at changes: whoever may have more must be asked again.
            guard generations[index] == generation else { return }
            let mayHaveMore = count == Self.readSize || connections[index].hasEnded || connections[index].secure != nil
            if mayHaveMore { markReady(index) }
        case .wouldBlock:
            connections[index].tail.keep(UnsafeRawBufferPointer(rebasing: input[..<held]))
        case .ended:
            end(index, .gone)
        }
    }

    /// Takes the lines in the first `count` bytes of the input buffer.
    mutating func processInput(of index: Int, count: Int) {
        let generation = generations[index]
        let buffer = UnsafeBufferPointer(start: input.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
        let bytes = buffer.span
        var cutter = LineCutter()
        while true {
            switch cutter.next(in: bytes) {
            case .line(let range):
                let line = bytes.extracting(range)
                if let submit = SubmitScanner.scan(line), submit.id.count <= RequestID.limit {
                    takeShare(
                        from: index,
                        id: line.extracting(submit.id.range),
                        worker: WorkerKey(line.extracting(submit.worker.range)),
                        submit.fields
                    )
                } else if let loop = takeMessage(line, from: index) {
                    return migrate(index, to: loop, input: bytes.extracting(range.lowerBound...))
                }
                guard generations[index] == generation else { return }
            case .rest(let range):
                connections[index].tail.keep(UnsafeRawBufferPointer(rebasing: input[range]))
                return joinGroup(index)
            case .tooLong:
                queue(Reply.refusal(.null, .malformed), for: index)
                flush(index)
                if generations[index] == generation { end(index, .lineTooLong) }
                return
            }
        }
    }

    /// Lets the session read a line. Answers with a loop's number when the connection belongs there: the line then is for that loop.
    private mutating func takeMessage(_ line: Span<UInt8>, from index: Int) -> Int? {
        guard let message = Message(line: line) else {
            tally.count(RejectReason.malformed)
            perform(connections[index].session.receiveGarbage(), for: index)
            return nil
        }
        let actions = connections[index].session.receive(message, at: clock.now)
        if case .subscribe(_, let token?)? = actions.first, Int(token.loop) != parts.number, Int(token.loop) < parts.mailboxes.count {
            return Int(token.loop)
        }
        // Each costs a reading of JSON, which a share does not.
        if case .submit? = actions.first {} else if !mayTalk(index) { return nil }
        perform(actions, for: index)
        return nil
    }

    /// False when it was too much for too long, and the connection is closed.
    private mutating func mayTalk(_ index: Int) -> Bool {
        connections[index].chatter += 1
        guard connections[index].chatter > parts.settings.chatterLimit, connections[index].session.offend() else { return true }
        perform([.close(.garbage)], for: index)
        return false
    }

    /// Does what a session asks for.
    mutating func perform(_ actions: [SessionAction], for index: Int) {
        let generation = generations[index]
        for action in actions {
            guard generations[index] == generation else { return }
            switch action {
            case .send(let bytes): queue(bytes, for: index)
            case .subscribe(let id, let token): subscribe(index, id: id, resuming: token)
            case .authorize(let request):
                let authorization = host.authorize(username: request.username, password: request.password)
                if authorization == nil { tally.count(RejectReason.unauthorized) }
                perform(connections[index].session.authorized(authorization, by: request, at: clock.now), for: index)
            case .dismiss(let worker): host.dismiss(worker.authorization, isOnRecord: worker.isOnRecord)
            case .submit(let id, let worker, let fields): takeShare(from: index, id: id.text.span, worker: worker, fields)
            case .transactions(let id, let job): sendTransactions(to: index, id: id, of: job)
            case .resend: wantResend(index)
            case .close(let reason):
                flush(index)
                if generations[index] == generation { end(index, reason) }
            }
        }
    }

    private mutating func subscribe(_ index: Int, id: RequestID, resuming token: ResumeToken?) {
        var identity: SessionIdentity?
        switch token.flatMap({ registry.holder(of: $0, at: clock.now) }) {
        case .live(let other)? where other != index:
            // The miner is back before its old connection is known to be dead.
            let issued = connections[other].session.issued
            let difficulty = connections[other].session.difficulty
            identity = connections[other].session.identity
            end(other, .resumed, keepsSession: false)
            connections[index].session.resume(issued: issued, difficulty: difficulty, at: clock.now)
        case .dormant(let session)?:
            identity = session.identity
            connections[index].session.resume(issued: session.issued, difficulty: session.difficulty, at: clock.now)
        default: break
        }
        if let identity {
            registry.reopen(identity, for: index)
        } else {
            identity = registry.open(for: index, at: clock.now)
        }
        guard let identity else {
            // A quarter of a million sessions of this loop are alive or can be resumed.
            return perform([.send(Reply.refusal(id, text: "no-session-left")), .close(.kicked)], for: index)
        }
        perform(connections[index].session.subscribed(as: identity, for: id), for: index)
    }
}
