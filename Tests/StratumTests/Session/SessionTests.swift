import JSON
import Randomness
import Testing

@testable import Stratum

/// Drives a session as a loop would, with a host that knows a few names, and spells its actions out.
struct ScriptedSession {
    var session: Session
    var now: Int64 = 0
    static let identity = SessionIdentity(extranonce1: 0x03b6_7868, token: ResumeToken(text: "000102030405060708090a0b0c0d0e0f")!)

    init(difficulty: DifficultySettings = DifficultySettings(start: 8), versionMask: UInt32 = 0x1fff_e000) {
        session = Session(settings: Session.Settings(versionMask: versionMask, offenceLimit: 8), difficulty: difficulty, at: 0)
    }

    /// What a line brings about; replies without their line feed.
    mutating func receive(_ line: String) -> [String] {
        let bytes = Array(line.utf8)
        guard let message = Message(line: bytes.span) else { return spell(session.receiveGarbage()) }
        return spell(session.receive(message, at: now))
    }

    private mutating func spell(_ actions: [SessionAction]) -> [String] {
        actions.flatMap { action -> [String] in
            switch action {
            case .send(let bytes): return lines(bytes)
            case .subscribe(let id, let token):
                return (token.map { ["resume \($0.text)"] } ?? []) + spell(session.subscribed(as: Self.identity, for: id))
            case .authorize(let request): return spell(session.authorized(authorize(request.username), by: request, at: now))
            case .dismiss(let worker): return ["dismiss \(worker.authorization.worker)"]
            case .submit(let id, let worker, let fields):
                let handle = session.submitter(named: worker).map(String.init) ?? "nobody"
                return ["submit \(String(decoding: id.text, as: UTF8.self)) by \(handle): \(fields.fault.map { $0.reason.label } ?? "readable")"]
            case .transactions(let id, let job):
                return ["transactions \(String(decoding: id.text, as: UTF8.self)) of \(job.map { String($0.job, radix: 16) } ?? "current")"]
            case .resend: return ["resend"]
            case .close(let reason): return ["close " + reason.label]
            }
        }
    }

    private func authorize(_ name: String) -> Authorization? {
        switch name.split(separator: ".").first {
        case "bad": nil
        case "pinned": Authorization(worker: 9, group: 0, account: "pinned", workerName: "", pinnedDifficulty: 77)
        case "solo": Authorization(worker: 5, group: 3, account: "solo", workerName: "")
        default: Authorization(worker: UInt32(name.utf8.count), group: 0, account: name, workerName: "")
        }
    }

    /// The lines that would go before a job.
    mutating func job(_ sequence: UInt64, variant: UInt8 = 0, hardest: Double = 1e12) -> [String] {
        lines(
            session.issue(
                IssuedDifficulties.Key(sequence: sequence, variant: variant),
                within: ShareBounds(hardest: ShareDifficulty(hardest)!),
                at: now
            ) ?? []
        )
    }

    private func lines(_ bytes: [UInt8]) -> [String] {
        #expect(bytes.isEmpty || bytes.last == 0x0a)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

private let subscribed =
    #"[[["mining.set_difficulty","000102030405060708090a0b0c0d0e0f"],["mining.notify","000102030405060708090a0b0c0d0e0f"]],"03b67868",8]"#

@Suite("A session speaks Stratum V1 as firmware does")
struct SessionTests {
    @Test("Bitaxe and newer cgminer: configure, subscribe, authorize, suggest")
    func configureFirst() {
        var script = ScriptedSession()
        #expect(
            script.receive(#"{"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"ffffffff"}]}"#) == [
                #"{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null}"#
            ]
        )
        #expect(
            script.receive(#"{"id":2,"method":"mining.subscribe","params":["bitaxe/BM1370/v2.9.0"]}"#) == [
                #"{"id":2,"result":\#(subscribed),"error":null}"#
            ]
        )
        #expect(!script.session.isReady)
        #expect(script.receive(#"{"id":3,"method":"mining.authorize","params":["bc1q.worker","x"]}"#) == [#"{"id":3,"result":true,"error":null}"#])
        #expect(script.session.isReady)
        #expect(
            script.receive(#"{"id":4,"method":"mining.suggest_difficulty","params":[1000]}"#) == [#"{"id":4,"result":true,"error":null}"#, "resend"]
        )
        #expect(
            script.receive(#"{"id":5,"method":"mining.extranonce.subscribe","params":[]}"#) == [#"{"id":5,"result":true,"error":null}"#]
        )
        #expect(
            script.job(1) == [
                #"{"id":null,"method":"mining.set_version_mask","params":["1fffe000"]}"#,
                #"{"id":null,"method":"mining.set_difficulty","params":[1000]}"#,
            ]
        )
        #expect(script.job(2) == [])
        #expect(script.session.agent == "bitaxe/BM1370/v2.9.0")
    }

    @Test("cgminer without version rolling is told no mask")
    func plain() {
        var script = ScriptedSession()
        _ = script.receive(#"{"id":1,"method":"mining.subscribe","params":["cgminer/4.11"]}"#)
        _ = script.receive(#"{"id":2,"method":"mining.authorize","params":["a.b","x"]}"#)
        #expect(script.job(1) == [#"{"id":null,"method":"mining.set_difficulty","params":[8]}"#])
    }

    @Test("Authorize may come before subscribe, params may be missing, and asking twice gets the same answer")
    func orders() {
        var script = ScriptedSession()
        #expect(script.receive(#"{"id":"auth","method":"mining.authorize","params":["a"]}"#).first == #"{"id":"auth","result":true,"error":null}"#)
        #expect(!script.session.isReady)
        for line in [
            #"{"id":1,"method":"mining.subscribe"}"#, #"{"id":1,"method":"mining.subscribe","params":[]}"#,
            #"{"id":1,"method":"mining.subscribe","params":null}"#,
        ] {
            #expect(script.receive(line) == [#"{"id":1,"result":\#(subscribed),"error":null}"#])
        }
        #expect(script.session.isReady)
    }

    @Test("BFGMiner: suggest_target with a null id before subscribe, string ids")
    func bfgminer() {
        var script = ScriptedSession(difficulty: DifficultySettings(start: 1024))
        let target = "00000000007fff80" + String(repeating: "0", count: 48)
        #expect(script.receive(#"{"id":null,"method":"mining.suggest_target","params":["\#(target)"]}"#) == ["resend"])
        _ = script.receive(#"{"id":0,"method":"mining.subscribe","params":["bfgminer/5.5"]}"#)
        #expect(script.receive(#"{"id":null,"method":"mining.capabilities","params":[{"notify":[]}]}"#) == [])
        #expect(script.receive(#"{"id":"auth","method":"mining.authorize","params":["a","x"]}"#) == [#"{"id":"auth","result":true,"error":null}"#])
        #expect(
            script.receive(#"{"id":"xnsub","method":"mining.extranonce.subscribe","params":[]}"#) == [#"{"id":"xnsub","result":true,"error":null}"#]
        )
        #expect(script.job(1) == [#"{"id":null,"method":"mining.set_difficulty","params":[512]}"#])
        #expect(
            script.receive(#"{"id":"txlist1","method":"mining.get_transactions","params":["00000000000000ab"]}"#) == [
                #"transactions "txlist1" of ab"#
            ]
        )
        #expect(script.receive(#"{"id":"txlist1","method":"mining.get_transactions","params":[]}"#) == [#"transactions "txlist1" of current"#])
    }

    @Test("NerdMiner repeats its suggestion as a keep-alive: only the first changes anything")
    func nerdMiner() {
        var script = ScriptedSession(difficulty: DifficultySettings(start: 1024, minimum: 0.0001))
        _ = script.receive(#"{"id":1,"method":"mining.subscribe","params":["NerdMinerV2"]}"#)
        _ = script.receive(#"{"id":2,"method":"mining.authorize","params":["a","x"]}"#)
        _ = script.job(1)
        let line = #"{"id":3,"method":"mining.suggest_difficulty","params":[0.00015]}"#
        #expect(script.receive(line) == [#"{"id":3,"result":true,"error":null}"#, "resend"])
        #expect(script.job(1, variant: 1) == [#"{"id":null,"method":"mining.set_difficulty","params":[0.00015]}"#])
        #expect(script.receive(line) == [#"{"id":3,"result":true,"error":null}"#])
    }

    @Test(
        "Ids come back as they came",
        arguments: [
            "1", "0", "-1", "null", #""auth""#, #""txlist1""#, "18446744073709551616", "1.0", "1e3", #""\u00e4\"""#, "true", "[1, 2]", #"{"id":3}"#,
        ]
    )
    func ids(id: String) {
        var script = ScriptedSession()
        #expect(script.receive(#"{"id": \#(id) ,"method":"mining.ping","params":[]}"#) == [#"{"id":\#(id),"result":"pong","error":null}"#])
        #expect(script.receive(#"{"params":[{"id":7}],"method":"mining.ping","id":\#(id)}"#) == [#"{"id":\#(id),"result":"pong","error":null}"#])
    }

    @Test(
        "configure answers every extension, unknown ones with false",
        arguments: [
            (#"[["version-rolling"],{"version-rolling.mask":"00c00000"}]"#, #"{"version-rolling":true,"version-rolling.mask":"00c00000"}"#),
            (#"[["version-rolling"],{}]"#, #"{"version-rolling":true,"version-rolling.mask":"1fffe000"}"#),
            (#"[["version-rolling"]]"#, #"{"version-rolling":true,"version-rolling.mask":"1fffe000"}"#),
            (
                #"[["version-rolling"],{"version-rolling.mask":5,"version-rolling.min-bit-count":"x"}]"#,
                #"{"version-rolling":true,"version-rolling.mask":"1fffe000"}"#
            ),
            (#"[["version-rolling"],{"version-rolling.mask":"00001fff"}]"#, #"{"version-rolling":false}"#),
            (#"[["minimum-difficulty"],{"minimum-difficulty.value":2048}]"#, #"{"minimum-difficulty":true}"#),
            (#"[["minimum-difficulty"],{}]"#, #"{"minimum-difficulty":false}"#),
            (#"[["minimum-difficulty"],{"minimum-difficulty.value":-3}]"#, #"{"minimum-difficulty":false}"#),
            (#"[["subscribe-extranonce","info","x\"y"],{"info.sw-version":"v1"}]"#, #"{"subscribe-extranonce":true,"info":true,"x\"y":false}"#),
            (#"[]"#, "{}"),
            (#"[5,5]"#, "{}"),
            (#"[[5,null,"a"],null]"#, #"{"a":false}"#),
        ]
    )
    func configure(params: String, result: String) {
        var script = ScriptedSession()
        let replies = script.receive(#"{"id":1,"method":"mining.configure","params":\#(params)}"#)
        #expect(replies.first == #"{"id":1,"result":\#(result),"error":null}"#)
    }

    @Test("A listener without version rolling grants none")
    func noMask() {
        var script = ScriptedSession(versionMask: 0)
        #expect(
            script.receive(#"{"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"ffffffff"}]}"#) == [
                #"{"id":1,"result":{"version-rolling":false},"error":null}"#
            ]
        )
    }

    @Test("configure's minimum is a floor from the first job on")
    func minimumDifficulty() {
        var script = ScriptedSession()
        _ = script.receive(#"{"id":1,"method":"mining.configure","params":[["minimum-difficulty"],{"minimum-difficulty.value":2048.5}]}"#)
        #expect(script.job(1) == [#"{"id":null,"method":"mining.set_difficulty","params":[2049]}"#])
    }

    @Test(
        "Passwords steer",
        arguments: [
            ("x", "8"), ("", "8"), ("d=1024", "1024"), ("diff=0.001", "0.001"), ("d=1024,md=512", "1024"), ("md=512", "512"), ("md=512,d=4", "512"),
            ("x;d=64", "64"), ("D=64", "64"), ("d=", "8"), ("d=-3", "8"), ("d=nan", "8"), ("d=1e400", "8"), ("th=5", "8"), ("d=16383.75", "16383"),
        ]
    )
    func password(text: String, difficulty: String) {
        var script = ScriptedSession()
        _ = script.receive(#"{"id":1,"method":"mining.subscribe","params":["x"]}"#)
        _ = script.receive(#"{"id":2,"method":"mining.authorize","params":["a","\#(text)"]}"#)
        #expect(script.job(1) == [#"{"id":null,"method":"mining.set_difficulty","params":[\#(difficulty)]}"#])
    }

    @Test("The job's bound wins over every wish, and a difficulty is told only when it changes")
    func bound() {
        var script = ScriptedSession()
        _ = script.receive(#"{"id":2,"method":"mining.authorize","params":["pinned"]}"#)
        #expect(script.job(1, hardest: 0.0000000004) == [#"{"id":null,"method":"mining.set_difficulty","params":[0.0000000004]}"#])
        #expect(script.job(2, hardest: 0.0000000004) == [])
        #expect(script.job(3, hardest: 100) == [#"{"id":null,"method":"mining.set_difficulty","params":[77]}"#])
        #expect(script.job(4) == [])
        #expect(script.session.issued.difficulty(of: .init(sequence: 2, variant: 0))?.value == 0.0000000004)
        #expect(script.session.issued.difficulty(of: .init(sequence: 4, variant: 0))?.value == 77)
    }

    @Test("Refused names, and names of another payout group")
    func authorization() {
        var script = ScriptedSession()
        let refused = #"{"id":2,"result":null,"error":[24,"unauthorized",null]}"#
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":["bad.w","x"]}"#) == [refused])
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":[]}"#) == [refused])
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":[7]}"#) == [refused])
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":["\#(String(repeating: "n", count: 192))"]}"#) == [refused])
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":["good","x"]}"#).first == #"{"id":2,"result":true,"error":null}"#)
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":["solo","x"]}"#) == ["dismiss 5", refused])
        #expect(script.receive(#"{"id":3,"method":"mining.authorize","params":["other","x"]}"#) == [#"{"id":3,"result":true,"error":null}"#])
        let again = script.receive(#"{"id":4,"method":"mining.authorize","params":["good","x"]}"#)
        #expect(again == ["dismiss 4", #"{"id":4,"result":true,"error":null}"#])
        #expect(script.session.submitter(named: WorkerKey("good")) == 4)
        #expect(script.session.submitter(named: WorkerKey("other")) == 5)
        #expect(script.session.submitter(named: WorkerKey("bad.w")) == nil)
    }

    @Test("Submits that need the JSON reader")
    func submits() {
        var script = ScriptedSession()
        _ = script.receive(#"{"id":2,"method":"mining.authorize","params":["ä/b","x"]}"#)
        func line(_ params: String) -> String { #"{"id":7,"method":"mining.submit","params":\#(params),"jsonrpc":"2.0"}"# }
        #expect(script.receive(line(#"["ä\/b","00000000000000ab","0000000000000000","1","2"]"#)) == ["submit 7 by 4: readable"])
        #expect(script.receive(line(#"["ä/b","00000000000000ab","0000000000000000","1","2",null]"#)) == ["submit 7 by 4: readable"])
        #expect(script.receive(line(#"["ä","00000000000000ab","0000000000000000","1","2","3"]"#)) == ["submit 7 by nobody: readable"])
        #expect(script.receive(line(#"["ä/b","00000000000000ab","00","1","2","3"]"#)) == ["submit 7 by 4: bad-extranonce"])
        #expect(script.receive(line(#"["ä/b","zz","0000000000000000","1","2","3"]"#)) == ["submit 7 by 4: unknown-job"])
        for params in [
            "[]", "null", "7", #"{"a":1}"#, #"["ä/b"]"#, #"["ä/b","00000000000000ab","0000000000000000",1,"2","3"]"#,
            #"["a","b","c","d","e","f","g"]"#,
        ] {
            #expect(script.receive(line(params)) == ["submit 7 by nobody: malformed"])
        }
    }

    @Test(
        "Answers and announcements without a question of ours are no offence",
        arguments: [
            #"{"id":1,"result":"pong"}"#, #"{"id":1,"result":true,"error":null}"#, #"{"id":9,"method":"pong","params":[]}"#,
            #"{"id":null,"error":[20,"x",null]}"#, "{}",
        ]
    )
    func answers(line: String) {
        var script = ScriptedSession()
        for _ in 0..<100 { #expect(script.receive(line) == []) }
    }

    @Test("Unknown methods get an error, never a disconnect")
    func unknownMethods() {
        var script = ScriptedSession()
        for _ in 0..<100 {
            #expect(
                script.receive(#"{"id":1,"method":"mining.no_such_thing","params":[]}"#) == [
                    #"{"id":1,"result":null,"error":[20,"unknown-method",null]}"#
                ]
            )
        }
    }

    @Test("A connection that names no software is asked for it")
    func version() {
        var script = ScriptedSession()
        let replies = script.receive(#"{"id":2,"method":"mining.authorize","params":["a"]}"#)
        #expect(replies.last == #"{"id":1,"method":"client.get_version","params":[]}"#)
        #expect(script.receive(#"{"id":1,"result":"cpuminer\u0007/2.5","error":null}"#) == [])
        #expect(script.session.agent == "cpuminer/2.5")
        #expect(script.receive(#"{"id":1,"result":"liar","error":null}"#) == [])
        #expect(script.session.agent == "cpuminer/2.5")
    }

    @Test("Garbage is answered until it is too much")
    func garbage() {
        var script = ScriptedSession()
        let reply = #"{"id":null,"result":null,"error":[20,"malformed",null]}"#
        let garbage = [
            "GET / HTTP/1.1", "{", "[]", "5", "\u{0}", #"{"id":1,"method":5}"#,
            #"{"id":"\#(String(repeating: "i", count: 60))","method":"mining.ping"}"#, "[[[[[[[[[[[[[[[[[[[[[",
        ]
        for line in garbage { #expect(script.receive(line) == [reply]) }
        #expect(script.receive("x") == [reply, "close garbage"])
    }

    @Test("Good shares make up for offences")
    func forgiveness() {
        var script = ScriptedSession()
        for _ in 0..<100 {
            #expect(script.receive("x").count == 1)
            script.session.forgive()
        }
    }

    @Test("A session id of ours is looked up, anything else is not")
    func resume() {
        var script = ScriptedSession()
        #expect(script.receive(#"{"id":1,"method":"mining.subscribe","params":["NiceHash/1.0.0","EthereumStratum/1.0.0"]}"#).count == 1)
        script = ScriptedSession()
        #expect(
            script.receive(#"{"id":1,"method":"mining.subscribe","params":["cgminer/4.11","000102030405060708090A0b0c0d0e0f"]}"#).first
                == "resume 000102030405060708090a0b0c0d0e0f"
        )
    }

    @Test("No message breaks a session, however odd")
    func odd() {
        var generator = SeededGenerator(seed: 10)
        let values = [
            "null", "true", "0", "-1", "1e999", "\"x\"", "[]", "{}", "[null]", "[[],{}]", "\"" + String(repeating: "f", count: 64) + "\"",
            "[1,2,3,4,5,6,7]",
        ]
        let methods = [
            "submit", "subscribe", "authorize", "configure", "suggest_difficulty", "suggest_target", "extranonce.subscribe", "get_transactions",
            "multi_version",
            "capabilities", "ping", "get_version", "x",
        ]
        var script = ScriptedSession()
        for round in 0..<4_000 {
            if round.isMultiple(of: 50) { script = ScriptedSession() }
            let params = (0..<Int.random(in: 0...6, using: &generator)).map { _ in values.randomElement(using: &generator)! }.joined(separator: ",")
            let id = values.randomElement(using: &generator)!
            _ = script.receive("{\"id\":\(id),\"method\":\"mining.\(methods.randomElement(using: &generator)!)\",\"params\":[\(params)]}")
            _ = script.job(UInt64(round), hardest: 1e20)
            let difficulty = script.session.difficulty.current.value
            #expect(difficulty.isFinite && difficulty > 0)
        }
    }

    @Test("A proxy may bring many workers, but not without end, and the host is not asked about more")
    func manyWorkers() {
        var script = ScriptedSession()
        for number in 0..<Session.workerLimit {
            #expect(
                script.receive(#"{"id":2,"method":"mining.authorize","params":["w\#(number)"]}"#).first == #"{"id":2,"result":true,"error":null}"#
            )
        }
        #expect(script.receive(#"{"id":2,"method":"mining.authorize","params":["w0"]}"#) == ["dismiss 2", #"{"id":2,"result":true,"error":null}"#])
        #expect(
            script.receive(#"{"id":2,"method":"mining.authorize","params":["new"]}"#) == [#"{"id":2,"result":null,"error":[24,"unauthorized",null]}"#]
        )
        #expect(script.session.workers.count == Session.workerLimit)
    }
}
