/// What goes out with a job.
extension Session {
    /// A job is about to go out: notes the difficulty that its shares will be judged by, and answers with the lines to send before it, if any.
    ///
    /// - Parameter bounds: the job's own, which win over every wish.
    mutating func issue(_ key: IssuedDifficulties.Key, within bounds: ShareBounds, at now: Int64) -> [UInt8]? {
        if issued.last == nil { difficulty.begin(at: now) }
        let difficulty = bounds.difficulty(for: difficulty)
        issued.issue(key, at: difficulty)
        guard owesVersionMask || difficulty != announced else { return nil }
        var lines: [UInt8] = []
        // Here and nowhere else: S21 firmware drops the connection when this comes before the authorize reply, ESP-Miner crashes when it comes
        // before the subscribe reply, and cgminer reads exactly one line as its configure reply.
        if owesVersionMask { lines += Reply.setVersionMask(versionMask) }
        owesVersionMask = false
        if difficulty != announced { lines += Reply.setDifficulty(difficulty) }
        announced = difficulty
        return lines
    }

    /// The key under which a job can go out again: the same one when it would go out at the difficulty it had, else the next variant's; nil when
    /// there are no more.
    func keyForReissue(within bounds: ShareBounds, limit: UInt8) -> IssuedDifficulties.Key? {
        guard let last = issued.last else { return nil }
        if issued.difficulty(of: last) == bounds.difficulty(for: difficulty) { return last }
        return last.variant < limit ? IssuedDifficulties.Key(sequence: last.sequence, variant: last.variant + 1) : nil
    }

    /// Whether the current job, sent within these bounds, would go out at another difficulty than the miner was told last.
    func wouldChange(within bounds: ShareBounds) -> Bool { announced != bounds.difficulty(for: difficulty) }

    /// What the miner works at; nil before its first job.
    var workingDifficulty: ShareDifficulty? { announced }

    /// `mining.configure` granted version rolling within this mask.
    mutating func negotiate(versionMask mask: UInt32) {
        versionMask = mask
        owesVersionMask = true
    }

    mutating func takeAgent(_ text: String) {
        if agent.isEmpty { agent = Self.clean(text) }
    }
}
