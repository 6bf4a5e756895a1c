/// Shares that no race explains and that are never worth anything: too easy, sent before, of jobs that never were or are long over, with times or
/// version bits that cannot be.
extension ServerLoop {
    /// So many in a row bring the job again, a word to connect again, and the end of the connection.
    private static let ladder: (job: Int32, reconnect: Int32, end: Int32) = (256, 1_024, 4_096)

    /// A share may be stale for so long after its job was replaced: it was under way, or its miner slow to hear. Milliseconds.
    private static let race: Int64 = 15_000

    /// A share was refused for this, whatever its hash. Without work for its miner it had no choice.
    mutating func suspect(_ index: Int, for reason: RejectReason, slot: Int) {
        guard groups[connections[index].group]?.current ?? -1 >= 0 else { return }
        switch reason {
        case .stale:
            if slot >= 0, let since = jobs[slot].supersededAt, clock.now - since < Self.race { return }
            suspect(index)
        case .unknownJob, .badTime, .badVersion: suspect(index)
        // Without a job it is an offence.
        case .unauthorized: if slot >= 0 { suspect(index) }
        // Counted already, or not the miner's fault.
        case .duplicate, .lowDifficulty, .badExtranonce, .malformed, .notSubscribed, .storeUnavailable: return
        }
    }

    /// A miner that lost track is helped first.
    mutating func suspect(_ index: Int) {
        connections[index].worthless += 1
        switch connections[index].worthless {
        case Self.ladder.job: repeatJob(to: index)
        case Self.ladder.reconnect: queue(Reply.reconnect, for: index)
        case Self.ladder.end: end(index, .worthless)
        default: break
        }
    }

    /// The job it has, as one that replaces all others.
    private mutating func repeatJob(to index: Int) {
        let slot = Int(groups[connections[index].group]?.current ?? -1)
        guard connections[index].isMember, slot >= 0, let key = connections[index].session.issued.last, key.sequence == jobs[slot].sequence,
            let text = jobs[slot].text.variant(key.variant, clean: true)
        else { return }
        queue(text, for: index)
    }
}
