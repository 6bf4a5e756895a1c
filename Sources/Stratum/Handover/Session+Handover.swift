import Hashing

// What of a session and its parts goes to the next process. Settings do not: those of the new configuration hold.

extension Session {
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try difficulty.pass(through: &stream)
        try issued.pass(through: &stream)
        try stream.pass(&announced, blank: .nominal) { stream, value throws(HandoverStream.Failure) in try value.pass(through: &stream) }
        try stream.pass(&identity, blank: SessionIdentity()) { stream, value throws(HandoverStream.Failure) in try value.pass(through: &stream) }
        try stream.pass(&agent)
        var known = workers
        try stream.pass(&known, blank: Worker()) { stream, value throws(HandoverStream.Failure) in try value.pass(through: &stream) }
        if stream.isReading { for worker in known { add(worker) } }
        try stream.pass(&versionMask)
        try stream.pass(&owesVersionMask)
        try stream.pass(&askedVersion)
        try stream.pass(&offences)
    }
}

extension Session.Worker {
    /// To be read into.
    fileprivate init() {
        self.init(key: WorkerKey(""), authorization: Authorization(worker: 0, group: 0, account: "", workerName: ""))
    }

    /// The key is a digest of the name as the miner spells it, which nobody else knows.
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (digest, account, name) = (key.value, authorization.account, authorization.workerName)
        var (group, pinned, isOnRecord) = (authorization.group, authorization.pinnedDifficulty, isOnRecord)
        try stream.pass(&digest)
        try stream.pass(&account)
        try stream.pass(&name)
        try stream.pass(&group)
        try stream.pass(&isOnRecord)
        try stream.pass(&pinned, blank: 0) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
        guard stream.isReading else { return }
        // Handles mean nothing in another process: the host gives them anew.
        let authorization = Authorization(worker: 0, group: group, account: account, workerName: name, pinnedDifficulty: pinned)
        self = Session.Worker(key: WorkerKey(value: digest), authorization: authorization, isOnRecord: isOnRecord)
    }
}

extension SessionIdentity {
    /// To be read into.
    init() {
        self.init(extranonce1: 0, token: ResumeToken(high: 0, low: 0))
    }

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (extranonce1, high, low) = (extranonce1, token.high, token.low)
        try stream.pass(&extranonce1)
        try stream.pass(&high)
        try stream.pass(&low)
        self = SessionIdentity(extranonce1: extranonce1, token: ResumeToken(high: high, low: low))
    }
}

extension ShareDifficulty {
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&self, as: value, ShareDifficulty.init) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
    }
}

extension IssuedDifficulties.Key {
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (sequence, variant) = (sequence, variant)
        try stream.pass(&sequence)
        try stream.pass(&variant)
        self = IssuedDifficulties.Key(sequence: sequence, variant: variant)
    }
}
