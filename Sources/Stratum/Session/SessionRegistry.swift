/// Who holds which session id on one loop: live connections, and sessions that may still be resumed.
struct SessionRegistry {
    /// What a miner that comes back finds again.
    struct Dormant: Sendable {
        var identity: SessionIdentity
        var issued: IssuedDifficulties
        var difficulty: DifficultyControl
        /// It has submitted a share: headers with its extranonce1 may be in somebody's queue, and a miner will want it back.
        var hasWorked: Bool
        var until: Int64
    }

    enum Holder {
        /// A live connection's index: a miner whose network broke comes back before its old connection is known to be dead.
        case live(Int)
        case dormant(Dormant)
    }

    private let loop: UInt8
    /// How long a session can be resumed, and an extranonce1 rests: milliseconds.
    private let window: Int64
    /// Sessions kept for resuming, at most.
    private let limit: Int
    private var extranonces: ExtranonceSpace
    private var generator: any RandomNumberGenerator & Sendable
    private var live: [ResumeToken: Int] = [:]
    private var dormant: [ResumeToken: Dormant] = [:]
    /// The dormant ones by age, those that have worked and those that have not.
    private var worked = Queue()
    private var idle = Queue()

    init(
        instance: UInt8,
        loop: Int,
        window: Int64,
        limit: Int,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.loop = UInt8(truncatingIfNeeded: loop)
        self.window = window
        self.limit = limit
        self.generator = generator
        extranonces = ExtranonceSpace(instance: instance, loop: loop)
    }

    var dormantCount: Int { dormant.count }

    /// Who has the session that a miner asks for.
    func holder(of token: ResumeToken, at now: Int64) -> Holder? {
        if let connection = live[token] { return .live(connection) }
        guard let session = dormant[token], session.until > now else { return nil }
        return .dormant(session)
    }

    /// A new session for a connection; nil when every extranonce1 is taken.
    mutating func open(for connection: Int, at now: Int64) -> SessionIdentity? {
        expire(at: now)
        // Nobody can hold values by coming and going: those that were never used are lent anew before a newcomer is refused.
        guard let extranonce1 = extranonces.take(at: now) ?? (forgetIdle() ? extranonces.take(at: now) : nil) else { return nil }
        let token = ResumeToken(loop: loop, using: &generator)
        live[token] = connection
        return SessionIdentity(extranonce1: extranonce1, token: token)
    }

    /// A session found by ``holder(of:at:)`` goes on over this connection.
    mutating func reopen(_ identity: SessionIdentity, for connection: Int) {
        dormant[identity.token] = nil
        live[identity.token] = connection
    }

    /// A connection ends.
    mutating func close(_ session: Session, at now: Int64) {
        guard let identity = session.identity else { return }
        live[identity.token] = nil
        // Without a job there is no header with this extranonce1, and nothing to come back to.
        guard session.issued.last != nil else { return extranonces.giveBack(unworked: identity.extranonce1) }
        keep(
            Dormant(
                identity: identity,
                issued: session.issued,
                difficulty: session.difficulty,
                hasWorked: session.isOnRecord,
                until: now + window
            )
        )
        expire(at: now)
    }

    private mutating func keep(_ session: Dormant) {
        dormant[session.identity.token] = session
        if session.hasWorked { worked.append(session) } else { idle.append(session) }
    }

    /// Forgets what is too old, and the oldest of what is too much: of those that have worked only when there are no others.
    mutating func expire(at now: Int64) {
        while let entry = worked.first, entry.until <= now { forget(worked.removeFirst()) }
        while let entry = idle.first, entry.until <= now { forget(idle.removeFirst()) }
        while dormant.count > limit { if !forgetIdle() { forget(worked.removeFirst()) } }
    }

    /// Forgets the oldest that has never worked; false when there is none.
    private mutating func forgetIdle() -> Bool {
        while idle.first != nil { if forget(idle.removeFirst()) { return true } }
        return false
    }

    /// False for one that was resumed, and is perhaps dormant again with a later entry.
    @discardableResult
    private mutating func forget(_ entry: Queue.Entry) -> Bool {
        guard let session = dormant[entry.token], session.until == entry.until else { return false }
        dormant[entry.token] = nil
        if session.hasWorked {
            extranonces.giveBack(session.identity.extranonce1, restingUntil: session.until)
        } else {
            extranonces.giveBack(unworked: session.identity.extranonce1)
        }
        return true
    }

    /// Sessions in the order in which their time ends.
    private struct Queue {
        struct Entry {
            let token: ResumeToken
            let until: Int64
        }

        private(set) var entries: ArraySlice<Entry> = []

        var first: Entry? { entries.first }
        mutating func append(_ session: Dormant) { entries.append(Entry(token: session.identity.token, until: session.until)) }

        mutating func removeFirst() -> Entry { entries.removeFirst() }
    }
}

extension SessionRegistry {
    /// Sessions that may be resumed and the extranonces go to the next process; live sessions come with their connections.
    mutating func pass(through stream: inout HandoverStream, difficulty: DifficultySettings, at now: Int64) throws(HandoverStream.Failure) {
        try extranonces.pass(through: &stream)
        var sessions = (worked.entries + idle.entries).compactMap { entry in dormant[entry.token].flatMap { $0.until == entry.until ? $0 : nil } }
        let blank = Dormant(
            identity: SessionIdentity(),
            issued: .init(),
            difficulty: DifficultyControl(settings: difficulty, at: now),
            hasWorked: true,
            until: 0
        )
        try stream.pass(&sessions, blank: blank) { stream, session throws(HandoverStream.Failure) in try session.pass(through: &stream) }
        guard stream.isReading else { return }
        for session in sessions { keep(session) }
    }
}

extension SessionRegistry.Dormant {
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try identity.pass(through: &stream)
        try issued.pass(through: &stream)
        try difficulty.pass(through: &stream)
        try stream.pass(&hasWorked)
        try stream.pass(&until)
    }
}
