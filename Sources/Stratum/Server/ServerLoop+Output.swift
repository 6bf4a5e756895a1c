/// From replies to sockets.
extension ServerLoop {
    /// What one connection may leave unread when all together leave too much: a job or two, and the answers to a few shares.
    private static let crowdedOutput = 16 << 10

    mutating func queue(_ bytes: [UInt8], for index: Int) {
        connections[index].output.append(bytes, from: pool)
        markDirty(index)
    }

    /// Answers the shares whose outcome is known, in the order they came.
    mutating func deliverReplies() {
        // Those of the batch have no verdict yet.
        let judged = replies.tail - UInt64(batch.count)
        while replies.head < judged {
            let number = replies.head
            var verdict = RejectReason(rawValue: replies[number].reason)
            if replies[number].isRecorded {
                guard let outcome = ring.takeOutcome() else { return }
                if verdict == nil, outcome == .refused { verdict = .storeUnavailable }
            }
            if let verdict { tally.count(verdict) } else { tally.accepted += 1 }
            let index = Int(replies[number].connection)
            if generations[index] == replies[number].generation {
                replies[number].write(verdict, to: &connections[index].output, from: pool)
                markDirty(index)
            }
            replies.removeFirst()
        }
    }

    mutating func flushConnections() {
        for index in dirty {
            let index = Int(index)
            // Closed meanwhile, or in the list of an earlier connection at this place.
            guard isOpen(index), connections[index].isDirty else { continue }
            connections[index].isDirty = false
            flush(index)
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Writes what is queued, as far as the socket takes it.
    mutating func flush(_ index: Int) {
        while !connections[index].isDrained {
            switch sendNext(of: index) {
            case .moved(let count) where count > 0:
                tally.bytesWritten += UInt64(count)
                connections[index].stalledAt = 0
            case .moved, .wouldBlock:
                if connections[index].stalledAt == 0 { connections[index].stalledAt = clock.now }
                let limit = pool.isCrowded ? min(Self.crowdedOutput, limits.output) : limits.output
                if connections[index].output.count > limit { end(index, .slowReader) }
                return
            case .ended: return end(index, .gone)
            }
        }
        if connections[index].isHeld {
            connections[index].isHeld = false
            markReady(index)
        }
    }

    /// One write: the output, or where a transfer cuts in, the part before it, the transfer, and the rest, one after the other.
    private mutating func sendNext(of index: Int) -> Socket.Transfer {
        guard let transfer = connections[index].transfer else {
            let result = connections[index].send(connections[index].output.unsent)
            if case .moved(let count) = result { connections[index].output.advance(by: count, into: pool) }
            return result
        }
        if transfer.leading > 0 {
            let unsent = connections[index].output.unsent
            let result = connections[index].send(UnsafeRawBufferPointer(rebasing: unsent[..<transfer.leading]))
            if case .moved(let count) = result {
                transfer.leading -= count
                connections[index].output.advance(by: count, into: pool)
            }
            return result
        }
        let result = transfer.text.withUnsafeBytes { connections[index].send(UnsafeRawBufferPointer(rebasing: $0[transfer.sent...])) }
        if case .moved(let count) = result { transfer.sent += count }
        if transfer.sent == transfer.text.count { connections[index].transfer = nil }
        return result
    }

    /// Sends a job's own bytes to a connection that has nothing else to read first; only what the socket does not take is copied.
    mutating func sendShared(_ text: [UInt8], to index: Int) {
        guard connections[index].isDrained else { return queue(text, for: index) }
        switch text.withUnsafeBytes({ connections[index].send($0) }) {
        case .moved(let count):
            tally.bytesWritten += UInt64(count)
            guard count < text.count else { return }
            text.withUnsafeBytes { connections[index].output.append(UnsafeRawBufferPointer(rebasing: $0[count...]), from: pool) }
            connections[index].stalledAt = clock.now
        case .wouldBlock: queue(text, for: index)
        case .ended: end(index, .gone)
        }
    }
}
