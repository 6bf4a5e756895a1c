/// Shares that no race explains and that are never worth anything: too easy, or sent before.
extension ServerLoop {
    /// So many in a row bring the job again, a word to connect again, and the end of the connection.
    private static let ladder: (job: Int32, reconnect: Int32, end: Int32) = (256, 1_024, 4_096)

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
