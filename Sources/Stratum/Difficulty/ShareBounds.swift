import Hashing

/// How hard a job lets its shares be, whatever difficulty a connection wishes.
struct ShareBounds: Sendable {
    /// A connection gets at most so many times the shares it wishes, for the sake of auxiliary chains.
    static let mostShares = 10.0

    /// The network target's, or an easier one that the pool gave the job. It wins over every wish (design, invariant 7).
    let hardest: ShareDifficulty
    /// What a share may not exceed if no solution of an auxiliary chain is to hide between them: the chains' own difficulties, those that are
    /// easier than `hardest`.
    let reaches: [ShareDifficulty]

    init(_ job: Job) {
        let hardest = ShareDifficulty(noHarderThan: job.hardestShareTarget)
        self.hardest = hardest
        reaches = Array(Set(job.auxiliaryTargets.map { ShareDifficulty(noHarderThan: $0) }).filter { $0 < hardest })
    }

    init(hardest: ShareDifficulty, reaches: [ShareDifficulty] = []) {
        self.hardest = hardest
        self.reaches = reaches
    }

    /// What a share is judged by, for a connection that wishes something.
    ///
    /// A chain that would bring more than ten times the wished shares stays hidden from the connection, and so does one below what was
    /// promised; `poolctl aux` calls it starved.
    func difficulty(for control: DifficultyControl) -> ShareDifficulty {
        let wished = control.current
        var chosen = min(wished, hardest)
        guard control.followsAuxiliaries else { return chosen }
        for reach in reaches where reach < chosen && reach.value * Self.mostShares >= wished.value && reach.value >= control.promised {
            chosen = reach
        }
        return chosen
    }
}
