/// Who holds which session id on one loop: live connections, and sessions that may still be resumed.
struct SessionRegistry {
    /// What a miner that comes back finds again.
    struct Dormant: Sendable {
        var identity: SessionIdentity
        var issued: IssuedDifficulties
        var difficulty: DifficultyControl
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
    /// The dormant ones by age; entries of sessions that were resumed since are passed over.
    private var queue: [(token: ResumeToken, until: Int64)] = []
    private var firstQueued = 0

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
        guard let extranonce1 = extranonces.take(at: now) else { return nil }
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
        let until = now + window
        dormant[identity.token] = Dormant(identity: identity, issued: session.issued, difficulty: session.difficulty, until: until)
        queue.append((identity.token, until))
        expire(at: now)
    }

    /// Forgets what is too old, and the oldest of what is too much.
    mutating func expire(at now: Int64) {
        while firstQueued < queue.count, queue[firstQueued].until <= now || dormant.count > limit {
            let (token, until) = queue[firstQueued]
            firstQueued += 1
            // Resumed, and perhaps dormant again with a later entry.
            guard let session = dormant[token], session.until == until else { continue }
            dormant[token] = nil
            extranonces.giveBack(session.identity.extranonce1, restingUntil: until)
        }
        if firstQueued > 1_024, firstQueued * 2 > queue.count {
            queue.removeFirst(firstQueued)
            firstQueued = 0
        }
    }
}

extension SessionRegistry {
    /// Sessions that may be resumed and the extranonces go to the next process; live sessions come with their connections.
    mutating func pass(through stream: inout HandoverStream, difficulty: DifficultySettings, at now: Int64) throws(HandoverStream.Failure) {
        try extranonces.pass(through: &stream)
        var sessions = queue[firstQueued...].compactMap { entry in dormant[entry.token].flatMap { $0.until == entry.until ? $0 : nil } }
        let blank = Dormant(identity: SessionIdentity(), issued: .init(), difficulty: DifficultyControl(settings: difficulty, at: now), until: 0)
        try stream.pass(&sessions, blank: blank) { stream, session throws(HandoverStream.Failure) in try session.pass(through: &stream) }
        guard stream.isReading else { return }
        for session in sessions {
            dormant[session.identity.token] = session
            queue.append((session.identity.token, session.until))
        }
    }
}

extension SessionRegistry.Dormant {
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try identity.pass(through: &stream)
        try issued.pass(through: &stream)
        try difficulty.pass(through: &stream)
        try stream.pass(&until)
    }
}
