import JSON

/// Who the miner is: `mining.subscribe` and `mining.authorize`.
extension Session {
    mutating func subscribe(_ request: Message.Request) -> [SessionAction] {
        if let name = request[0]?.string { agent = Self.clean(name) }
        // Asking twice gets the same answer.
        if let identity { return [.send(Self.subscription(identity, for: request.id))] }
        return [.subscribe(request.id, resuming: request[1]?.string.flatMap(ResumeToken.init(text:)))]
    }

    mutating func subscribed(as identity: SessionIdentity, for id: RequestID) -> [SessionAction] {
        self.identity = identity
        return [.send(Self.subscription(identity, for: id))]
    }

    /// Takes over what another connection of this session had: its jobs stay good for shares that were on their way, and its difficulty goes on.
    mutating func resume(issued: IssuedDifficulties, difficulty: DifficultyControl, at now: Int64) {
        self.issued = issued
        self.difficulty.resume(difficulty, at: now)
    }

    /// cgminer looks for its session id in the tuple named `mining.notify`, NerdMiner takes the first tuple's: both carry it.
    private static func subscription(_ identity: SessionIdentity, for id: RequestID) -> [UInt8] {
        let token = identity.token.text
        let tuples = "[[\"mining.set_difficulty\",\"\(token)\"],[\"mining.notify\",\"\(token)\"]]"
        return Reply.success(id, result: "[\(tuples),\"\(HexField.text(identity.extranonce1))\",\(SubmitFields.extranonce2Size)]")
    }

    mutating func authorize(_ request: Message.Request) -> [SessionAction] {
        // Avalon cuts names at 63 bytes, Whatsminer breaks above 127; nobody needs more than 191.
        guard let username = request[0]?.string, (1...191).contains(username.utf8.count) else {
            return [.send(Reply.refusal(request.id, .unauthorized))] + (offend() ? [.close(.garbage)] : [])
        }
        // Refused here, not by the host, which may remember every name it is asked about.
        guard workers.count < Self.workerLimit || isAuthorized(WorkerKey(username)) else {
            return [.send(Reply.refusal(request.id, .unauthorized))] + (offend() ? [.close(.garbage)] : [])
        }
        return [.authorize(AuthorizationRequest(id: request.id, username: username, password: request[1]?.string ?? ""))]
    }

    /// The host's word on a name.
    mutating func authorized(_ authorization: Authorization?, by request: AuthorizationRequest, at now: Int64) -> [SessionAction] {
        let key = WorkerKey(request.username)
        guard let authorization, canAdmit(authorization, as: key) else {
            let dismissal = authorization.map { [SessionAction.dismiss(Worker(key: key, authorization: $0))] } ?? []
            return dismissal + [.send(Reply.refusal(request.id, .unauthorized))] + (offend() ? [.close(.garbage)] : [])
        }
        let former = add(Worker(key: key, authorization: authorization))
        var actions = (former.map { [SessionAction.dismiss($0)] } ?? []) + [.send(Reply.success(request.id))]
        let password = Password(request.password)
        var changes: [DifficultyControl.Change] = []
        if let minimum = password.minimum { changes.append(difficulty.require(minimum: minimum, at: now).change) }
        if let wish = password.difficulty { changes.append(difficulty.suggest(wish, at: now)) }
        if let pinned = authorization.pinnedDifficulty { changes.append(difficulty.pin(pinned, at: now)) }
        if changes.contains(where: { $0 != .none }) { actions.append(.resend) }
        if agent.isEmpty, !askedVersion {
            askedVersion = true
            actions.append(.send(Reply.notification("client.get_version", params: "", id: "1")))
        }
        return actions
    }

    /// A connection mines one coinbase at a time: a further name must belong to the same payout group.
    private func canAdmit(_ authorization: Authorization, as key: WorkerKey) -> Bool {
        workers.allSatisfy { $0.key == key || $0.authorization.group == authorization.group }
    }
}
