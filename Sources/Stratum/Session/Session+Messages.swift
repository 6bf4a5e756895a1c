import Hashing
import JSON

/// What each message means.
extension Session {
    mutating func receive(_ message: Message, at now: Int64) -> [SessionAction] {
        switch message {
        case .request(let request): return receive(request, at: now)
        case .response(_, let result):
            // We ask for nothing but a version. Other answers (to a ping, to nothing) are no offence.
            if askedVersion, agent.isEmpty, let version = result.string { agent = Self.clean(version) }
            return []
        }
    }

    /// A line that is no message.
    mutating func receiveGarbage() -> [SessionAction] {
        [.send(Reply.refusal(.null, .malformed))] + (offend() ? [.close(.garbage)] : [])
    }

    mutating func receive(_ request: Message.Request, at now: Int64) -> [SessionAction] {
        switch request.method {
        case "mining.submit": return submit(request)
        case "mining.subscribe": return subscribe(request)
        case "mining.authorize": return authorize(request)
        case "mining.configure": return configure(request, at: now)
        case "mining.suggest_difficulty": return suggest(request, difficulty: Self.number(in: request.params), at: now)
        case "mining.suggest_target": return suggest(request, difficulty: Self.target(in: request.params)?.difficulty, at: now)
        case "mining.extranonce.subscribe": return acknowledge(request)
        // Announcements that ask for nothing: BFGMiner's abilities, a proxy's wish for several versions, ESP-Miner's pong sent as a request.
        case "mining.capabilities", "mining.multi_version": return acknowledge(request)
        case "mining.pong", "pong": return []
        case "mining.ping": return [.send(Reply.success(request.id, result: #""pong""#))]
        case "mining.get_version", "client.get_version": return [.send(Reply.success(request.id, result: #""motherlode""#))]
        case "mining.get_transactions": return transactions(request)
        default: return [.send(Reply.refusal(request.id, text: "unknown-method"))]
        }
    }

    /// Answers a hint; with a null id (BFGMiner) no answer is looked for.
    private func acknowledge(_ request: Message.Request) -> [SessionAction] {
        request.id.isNull ? [] : [.send(Reply.success(request.id))]
    }

    private mutating func suggest(_ request: Message.Request, difficulty wish: Double?, at now: Int64) -> [SessionAction] {
        guard let wish else { return [.send(Reply.refusal(request.id, .malformed))] + (offend() ? [.close(.garbage)] : []) }
        let change = difficulty.suggest(wish, at: now)
        return acknowledge(request) + (change == .none ? [] : [.resend])
    }

    private func transactions(_ request: Message.Request) -> [SessionAction] {
        guard isReady else { return [.send(Reply.refusal(request.id, .notSubscribed))] }
        guard let name = request[0]?.string else { return [.transactions(request.id, job: nil)] }
        var fields = SubmitFields()
        let text = Array(name.utf8)
        fields.readJob(text.span)
        return [.transactions(request.id, job: fields)]
    }

    private func submit(_ request: Message.Request) -> [SessionAction] {
        var fields = SubmitFields()
        let parameters = request.params.array ?? []
        // A null sixth field is one that was not sent.
        let count = parameters.count == 6 && parameters[5].isNull ? 5 : parameters.count
        let texts = parameters.prefix(count).compactMap { $0.string.map { Array($0.utf8) } }
        guard count == 5 || count == 6, texts.count == count else {
            fields.fail(.malformed)
            return [.submit(request.id, worker: WorkerKey(""), fields)]
        }
        for (index, text) in texts.enumerated() {
            switch index {
            case 1: fields.readJob(text.span)
            case 2: fields.readExtranonce2(text.span)
            case 3: fields.readTime(text.span)
            case 4: fields.readNonce(text.span)
            case 5: fields.readVersionBits(text.span)
            default: break
            }
        }
        let worker = texts[0]
        return [.submit(request.id, worker: WorkerKey(worker.span), fields)]
    }

    /// Counts something that no working miner sends; true when it was too much.
    mutating func offend() -> Bool {
        offences = min(offences, .max - 1) + 1
        return offences > settings.offenceLimit
    }

    /// A good share makes up for one offence.
    mutating func forgive() {
        if offences > 0 { offences -= 1 }
    }
}

/// Reading parameters.
extension Session {
    /// Printable, and short enough to keep: it ends up in logs and tables.
    static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(64).filter { $0.value >= 0x20 && $0.value != 0x7f && !(0x80..<0xa0).contains($0.value) }
            )
        )
    }

    /// A positive number: `[1000]`, `["1000"]`, or bare.
    static func number(in params: JSONValue) -> Double? {
        let value = params[0] ?? params
        guard let number = value.double ?? value.string.flatMap(Double.init), number.isFinite, number > 0 else { return nil }
        return number
    }

    /// `["00000000ffff…"]`, 64 digits, the most significant first.
    private static func target(in params: JSONValue) -> Target? {
        guard let text = params[0]?.string, let number = UInt256(hex: text), number != .zero else { return nil }
        return Target(value: number)
    }
}
