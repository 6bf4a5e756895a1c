import Bitcoin
import Hashing
import JSON
import Testing

@testable import Embedded

@Suite struct StratumSessionTests {
    private func receive(_ session: inout StratumSession, _ line: String) -> [StratumSession.Action] {
        session.receive(Array(line.utf8))
    }

    private func subscribed(extranonce1: String = "03b67868", size: Int = 8) -> StratumSession {
        var session = StratumSession(user: "a.w", password: "x")
        _ = session.begin()
        _ = receive(&session, #"{"id":1,"result":[[["mining.notify","1"]],"\#(extranonce1)",\#(size)],"error":null}"#)
        _ = receive(&session, #"{"id":2,"result":true,"error":null}"#)
        return session
    }

    @Test func theHandshake() {
        var session = StratumSession(user: "a.w", password: "x")
        #expect(session.begin() == [.send(#"{"id":1,"method":"mining.subscribe","params":["motherlode-miner/1"]}"#)])
        let authorize = receive(&session, #"{"id":1,"result":[[["mining.set_difficulty","1"],["mining.notify","1"]],"03b67868",8],"error":null}"#)
        #expect(authorize == [.send(#"{"id":2,"method":"mining.authorize","params":["a.w","x"]}"#)])
        #expect(receive(&session, #"{"id":2,"result":true,"error":null}"#) == [])
    }

    /// A share captured from a testnet pool; its rolled version bits are put into the job here.
    @Test func aRealJobGivesTheRealHeader() throws {
        var session = subscribed()
        let notify = #"""
            {"id":null,"method":"mining.notify","params":["6878b60200000001","87f914a7745ea340051038babb56406514af8b63338ade65002bfbde00000000","\#
            01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2d023c01000402b6786804209eec010c",\#
            "0a636b706f6f6c0a2f7032706f6f6c76322fffffffff030011102401000000160014274466e754a1c12d0a2d2cc34ceb70d8e017053a00e1f5050000000016\#
            0014a248cf2f99f449511b22bab1a3d001719f84cd090000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48beb\#
            d836974e8cf900000000",[],"283ac000","1e0377ae","6878b602",true]}
            """#
        let actions = receive(&session, notify.filter { $0 != "\n" })
        guard case .work(let work, isClean: true)? = actions.first else {
            Issue.record("no work: \(actions)")
            return
        }
        var header = work.header(SearchSpace.Piece(extranonce2: [UInt8](repeating: 0, count: 8), timeOffset: 0))
        header.nonce = 0x58f9_0070
        #expect(
            Hex.encode(header.serialized)
                == "00c03a28a714f98740a35e74ba381005654056bb638baf1465de8a33defb2b0000000000ec492993ea4e56b79ef91ba9e79e3d432871bc0634a95852d11c11cd46ab282002b67868ae77031e7000f958"
        )
        #expect(header.hash.displayHex == "0000000000cdd305efb7cb9d86c7dc8eccf504a32fdf781ea053f87b6f5b3642")
    }

    private let notify =
        #"{"id":null,"method":"mining.notify","params":["j","\#(String(repeating: "00", count: 32))","aa","bb",[],"20000000","1d00ffff","00000001",false]}"#

    private func work(_ actions: [StratumSession.Action]) -> MiningWork? {
        if case .work(let work, _)? = actions.first { work } else { nil }
    }

    @Test func difficultyHoldsFromTheNextJobOn() {
        var session = subscribed()
        #expect(work(receive(&session, notify))?.target == Target(difficulty: 1))
        #expect(receive(&session, #"{"id":null,"method":"mining.set_difficulty","params":[0.001]}"#) == [])
        #expect(work(receive(&session, notify))?.target == Target(difficulty: 0.001))
        #expect(receive(&session, #"{"id":null,"method":"mining.set_difficulty","params":[0]}"#) == [])
        #expect(work(receive(&session, notify))?.target == Target(difficulty: 0.001))
    }

    @Test func extranoncesHoldFromTheNextJobOn() {
        var session = subscribed()
        #expect(receive(&session, #"{"id":null,"method":"mining.set_extranonce","params":["0102",4]}"#) == [])
        let next = work(receive(&session, notify))
        #expect(next?.coinbasePrefix == [0xaa, 1, 2])
        #expect(next?.extranonce2Size == 4)
    }

    @Test func sharesAreSubmittedAndAnswered() {
        var session = subscribed()
        let share = MinedShare(jobID: "j", extranonce2: [0, 1], time: 0x5f, nonce: 0xabc)
        let line = #"{"id":3,"method":"mining.submit","params":["a.w","j","0001","0000005f","00000abc"]}"#
        #expect(session.submit(share) == .send(line))
        _ = session.submit(share)
        #expect(receive(&session, #"{"id":4,"result":null,"error":[23,"low-difficulty",null]}"#) == [.rejected("low-difficulty")])
        #expect(receive(&session, #"{"id":3,"result":true,"error":null}"#) == [.accepted])
        // An answer twice, or to nothing, is no answer.
        #expect(receive(&session, #"{"id":3,"result":true,"error":null}"#) == [])
        #expect(receive(&session, #"{"id":99,"result":true,"error":null}"#) == [])
    }

    @Test(arguments: [
        (#"["other.example","3334",5]"#, StratumSession.Action.reconnect(host: "other.example", port: 3334, afterSeconds: 5)),
        (#"["h",3335,"7"]"#, .reconnect(host: "h", port: 3335, afterSeconds: 7)),
        ("[]", .reconnect(host: nil, port: nil, afterSeconds: 0)),
        (#"["h",99999,-3]"#, .reconnect(host: "h", port: nil, afterSeconds: 0)),
    ])
    func reconnects(_ parameters: String, _ action: StratumSession.Action) {
        var session = subscribed()
        #expect(receive(&session, #"{"id":null,"method":"client.reconnect","params":\#(parameters)}"#) == [action])
    }

    @Test func smallTalk() {
        var session = subscribed()
        #expect(receive(&session, #"{"id":7,"method":"mining.ping","params":[]}"#) == [.send(#"{"id":7,"result":"pong","error":null}"#)])
        let version = #"{"id":8,"result":"motherlode-miner/1","error":null}"#
        #expect(receive(&session, #"{"id":8,"method":"client.get_version","params":[]}"#) == [.send(version)])
        #expect(receive(&session, #"{"id":null,"method":"client.show_message","params":["hi"]}"#) == [])
        #expect(receive(&session, #"{"id":null,"method":"mining.set_version_mask","params":["1fffe000"]}"#) == [])
    }

    @Test(arguments: [
        ("garbage", StratumFailure.notJSON),
        ("[1]", .notJSON),
        (#"{"id":1,"result":null,"error":null}"#, .badSubscription),
        (#"{"id":1,"result":[[],"zz",8],"error":null}"#, .badSubscription),
        (#"{"id":1,"result":[[],"00",101],"error":null}"#, .badSubscription),
        (#"{"id":2,"result":false,"error":[24,"unauthorized",null]}"#, .unauthorized("unauthorized")),
        (#"{"id":2,"result":null,"error":null}"#, .unauthorized("refused")),
        (#"{"id":null,"method":"mining.notify","params":[]}"#, .badJob),
        (#"{"id":null,"method":"mining.notify","params":["j","00","aa","bb",[],"20000000","1d00ffff","00000001",true]}"#, .badJob),
    ])
    func whatCannotBeReadEndsTheConnection(_ line: String, _ failure: StratumFailure) {
        var session = StratumSession(user: "a", password: "x")
        #expect(receive(&session, line) == [.fail(failure)])
    }

    @Test func aJobWithABadBranchIsRefused() {
        var session = subscribed()
        #expect(receive(&session, notify.replacing("[]", with: #"["00"]"#)) == [.fail(.badJob)])
    }

    // MARK: Parts

    @Test func linesAreCutHoweverTheyCome() {
        let text = Array("{\"a\":1}\r\n\n{\"b\":2}\n{\"c".utf8)
        let whole = ["{\"a\":1}", "{\"b\":2}"].map { Array($0.utf8) }
        for size in 1...text.count {
            var buffer = LineBuffer()
            var lines: [[UInt8]] = []
            for start in stride(from: 0, to: text.count, by: size) { lines += buffer.append(text[start..<min(start + size, text.count)]) }
            #expect(lines == whole)
            #expect(buffer.count == 3)
        }
    }

    @Test(arguments: [0, 1, 2, 8, 12]) func searchSpacesDoNotOverlap(size: Int) {
        var seen: Set<SearchSpace.Piece> = []
        for thread in 0..<3 {
            var space = SearchSpace(extranonce2Size: size, thread: thread, of: 3)
            for _ in 0..<400 {
                let piece = space.next()
                #expect(piece.extranonce2.count == size)
                #expect(seen.insert(piece).inserted)
            }
        }
        // Time moves only when there is no other way.
        #expect((seen.map(\.timeOffset).max() ?? 0) == (size == 0 ? 1_199 : size == 1 ? 4 : 0))
    }
}
