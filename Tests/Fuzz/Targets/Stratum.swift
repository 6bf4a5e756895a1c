import JSON

@testable import Stratum

extension FuzzTarget {
    /// Stratum messages, line by line through one session: what the scanner takes the JSON reader takes too, and both read the same; whatever is
    /// sent back is whole lines of JSON.
    static let stratum = FuzzTarget(name: "stratum") { input in
        var dialogue = Dialogue()
        for line in input.split(separator: 0x0a).prefix(64) { dialogue.take(Array(line)) }
    } seeds: {
        let opening = """
            {"id":1,"method":"mining.configure","params":[["version-rolling","minimum-difficulty","subscribe-extranonce","info","x"],\
            {"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2,"minimum-difficulty.value":0.5,"info.sw-version":"a"}]}
            {"id":2,"method":"mining.subscribe","params":["cgminer/4.12","0123456789abcdef0123456789abcdef"]}
            {"id":3,"method":"mining.authorize","params":["tb1q.w","d=4096,md=1"]}
            """
        let submit =
            #"{"id":4,"method":"mining.submit","params":["tb1q.w","6878b60200000001","0000000000000001","6878b602","58f90070","083ac000"]}"#
        let odd = [
            #"{"method":"mining.submit","id":null,"params":["w","00000000000000ff7f","0011223344556677","1","5F"]}"#,
            #"{"id":"a\u00e4","method":"mining.submit","params":["w\/x","6878b602","x","1",7,null]}"#,
            #"{"id":-0.5e3,"method":"mining.suggest_difficulty","params":["1e-3"]}"#,
            #"{"id":5,"method":"mining.suggest_target","params":["00000000ffff0000000000000000000000000000000000000000000000000000"]}"#,
            #"{"id":6,"method":"mining.get_transactions","params":["6878b60200000001"]}"#, #"{"id":7,"method":"mining.ping"}"#,
            #"{"id":1,"result":"cgminer/4.12.1","error":null}"#, #"{"id":8,"method":"mining.extranonce.subscribe","params":[]}"#,
            #"{"id":[{"id":1}],"method":"x","id":2}"#, #"{"id":9,"method":"client.get_version","params":null}"#,
        ]
        return [("session", Array((opening + "\n" + submit).utf8)), ("submit", Array(submit.utf8)), ("odd", Array(odd.joined(separator: "\n").utf8))]
    }
}

/// A session and someone who does what it asks for.
private struct Dialogue {
    private var session = Session(settings: Session.Settings(versionMask: 0x1fff_e000, offenceLimit: 8), difficulty: DifficultySettings(), at: 0)
    private var now: Int64 = 0

    mutating func take(_ bytes: [UInt8]) {
        now += 250
        var line = bytes[...]
        while let first = line.first, first == 0x20 || first == 0x09 || first == 0x0d { line = line.dropFirst() }
        while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0d { line = line.dropLast() }
        guard !line.isEmpty, line.count <= LineCutter.limit else { return }
        let bytes = Array(line)
        let scanned = SubmitScanner.scan(bytes.span)
        guard let message = Message(line: bytes.span) else {
            require(scanned.map { $0.id.count > RequestID.limit } ?? true, "a submit for the scanner is no message")
            return perform(session.receiveGarbage())
        }
        let actions = session.receive(message, at: now)
        if let scanned, scanned.id.count <= RequestID.limit { compare(scanned, in: bytes, with: actions) }
        perform(actions)
    }

    private func compare(_ scanned: SubmitLine, in bytes: [UInt8], with actions: [SessionAction]) {
        guard case .submit(let id, let worker, let fields)? = actions.first, actions.count == 1 else {
            require(false, "a submit for the scanner, \(actions) for the JSON reader")
            return
        }
        let name = Array(bytes[scanned.worker.range])
        let scannedID = Array(bytes[scanned.id.range])
        require(fields == scanned.fields, "fields \(scanned.fields) and \(fields)")
        require(worker == WorkerKey(name.span), "workers differ")
        require(id == (scannedID.isEmpty ? .null : RequestID(text: scannedID)), "ids differ")
    }

    private mutating func perform(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .send(let bytes): check(bytes)
            case .subscribe(let id, _):
                let token = ResumeToken(text: "00112233445566778899aabbccddeeff")
                guard let token else { return require(false, "a resume token is not read") }
                require(ResumeToken(text: token.text) == token, "a resume token reads as another")
                perform(session.subscribed(as: SessionIdentity(extranonce1: 7, token: token), for: id))
            case .authorize(let request):
                let group: UInt32 = request.username.utf8.count % 3 == 0 ? 1 : 0
                let authorization = Authorization(worker: 1, group: group, account: request.username, workerName: "")
                perform(session.authorized(request.password == "no" ? nil : authorization, by: request, at: now))
            case .dismiss(let worker): require(worker.authorization.worker == 1, "nobody was admitted as \(worker.authorization.worker)")
            case .submit(let id, _, let fields): check(fields.fault.map { Reply.refusal(id, $0.reason) } ?? Reply.success(id))
            case .transactions(let id, _): check(Reply.success(id, result: "[]"))
            case .resend: check(Reply.setDifficulty(session.difficulty.current))
            case .close: return
            }
        }
    }

    /// Whole lines, each a JSON object.
    private func check(_ bytes: [UInt8]) {
        require(bytes.last == 0x0a, "an answer without its line feed")
        for line in bytes.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false) {
            let value = try? JSONValue(parsing: Array(line))
            require(value?.object != nil, "an answer that is no object: \(String(decoding: line, as: UTF8.self))")
        }
    }
}
