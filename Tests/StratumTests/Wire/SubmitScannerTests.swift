import Randomness
import Testing

@testable import Stratum

@Suite("mining.submit lines are read without the JSON reader")
struct SubmitScannerTests {
    static let usual =
        #"{"id":4,"method":"mining.submit","params":["tb1q.w","6878b60200000001","0000000000000001","6878b602","58f90070","083ac000"]}"#

    private func scan(_ text: String) -> (line: SubmitLine, id: String, worker: String)? {
        let bytes = Array(text.utf8)
        guard let line = SubmitScanner.scan(bytes.span) else { return nil }
        return (line, String(decoding: bytes[line.id.range], as: UTF8.self), String(decoding: bytes[line.worker.range], as: UTF8.self))
    }

    @Test func usualLine() throws {
        let (line, id, worker) = try #require(scan(Self.usual))
        #expect(id == "4")
        #expect(worker == "tb1q.w")
        #expect(line.fields.job == 0x6878_b602_0000_0001)
        #expect(line.fields.variant == 0)
        #expect(line.fields.extranonce2 == 1)
        #expect(line.fields.time == 0x6878_b602)
        #expect(line.fields.nonce == 0x58f9_0070)
        #expect(line.fields.versionBits == 0x083a_c000)
        #expect(line.fields.fault == nil)
    }

    @Test(
        "Order, white space and ids as real miners send them",
        arguments: [
            (#"{"method":"mining.submit","params":["w","00000000000000ff","0011223344556677","1","5f"],"id":"auth"}"#, #""auth""#),
            (#"{"params":["w","00000000000000ff","0011223344556677","1","5f"],"id":null,"method":"mining.submit"}"#, "null"),
            (#"{ "id" : 0 , "method" : "mining.submit" , "params" : [ "w" , "00000000000000FF" , "0011223344556677" , "01" , "5F" ] }"#, "0"),
            (#"{"method":"mining.submit","params":["w","00000000000000ff","0011223344556677","1","5f"]}"#, ""),
            (
                #"{"id":18446744073709551616,"method":"mining.submit","params":["w","00000000000000ff","0011223344556677","1","5f"]}"#,
                "18446744073709551616"
            ),
        ]
    )
    func shapes(text: String, id: String) throws {
        let (line, found, worker) = try #require(scan(text))
        #expect(found == id)
        #expect(worker == "w")
        #expect(line.fields.fault == nil)
        #expect(line.fields.job == 0xff)
        #expect(line.fields.extranonce2 == 0x0011_2233_4455_6677)
        #expect(line.fields.time == 1)
        #expect(line.fields.nonce == 0x5f)
        #expect(line.fields.versionBits == 0)
    }

    @Test(
        "What is unusual is left to the JSON reader",
        arguments: [
            "", "{", "{}", "[]", "null", "\"mining.submit\"",
            usual + "x",
            usual + ",",
            String(usual.dropLast()),
            usual.replacing("mining.submit", with: "mining.subscribe"),
            usual.replacing("mining.submit", with: #"mining.s\u0075bmit"#),
            usual.replacing("tb1q.w", with: #"tb1q\/w"#),
            usual.replacing("tb1q.w", with: "tb1q.ä"),
            usual.replacing("tb1q.w", with: "tb1q\u{1}"),
            usual.replacing(#""id":4"#, with: #""id":4.0"#),
            usual.replacing(#""id":4"#, with: #""id":-4"#),
            usual.replacing(#""id":4"#, with: #""id":04"#),
            usual.replacing(#""id":4"#, with: #""id":true"#),
            usual.replacing(#""id":4"#, with: #""id":[4]"#),
            usual.replacing(#""id":4"#, with: #""id":4,"id":5"#),
            usual.replacing(#""id":4"#, with: #""id":4,"jsonrpc":"2.0""#),
            usual.replacing(#","083ac000""#, with: #",null"#),
            usual.replacing(#","083ac000""#, with: #","083ac000","more""#),
            usual.replacing(#","58f90070","083ac000""#, with: ""),
            usual.replacing(#""58f90070""#, with: "1492713584"),
            usual.replacing(#""params":["#, with: #""params":{"#),
            #"{"id":4,"method":"mining.submit"}"#,
            #"{"id":4,"method":"mining.submit","params":null}"#,
            #"{"id":4,"params":[]}"#,
        ]
    )
    func unusual(text: String) {
        #expect(scan(text) == nil)
    }

    @Test(
        "A field that cannot be read is named, the gravest where there are several",
        arguments: [
            ("58f90070", "", SubmitFields.Fault.malformed),
            ("58f90070", "158f90070", .malformed),
            ("58f90070", "58f9007g", .malformed),
            ("6878b602\",\"58", "6878b6021\",\"58", .malformed),
            ("083ac000", "0x3ac000", .malformed),
            ("083ac000", "", .malformed),
            ("6878b60200000001", "6878b602", .unknownJob),
            ("6878b60200000001", "", .unknownJob),
            ("6878b60200000001", "6878b60200000001000", .unknownJob),
            ("6878b60200000001", "6878b6020000000100", .unknownJob),
            ("6878b60200000001", "6878b6020000000g", .unknownJob),
            ("0000000000000001", "00000001", .badExtranonce),
            ("0000000000000001", "000000000000000001", .badExtranonce),
            ("0000000000000001", "000000000000000x", .badExtranonce),
            ("\"6878b60200000001\",\"0000000000000001\"", "\"x\",\"x\"", .unknownJob),
            ("\"6878b60200000001\",\"0000000000000001\",\"6878b602\"", "\"x\",\"x\",\"x\"", .malformed),
        ]
    )
    func faults(part: String, replacement: String, fault: SubmitFields.Fault) throws {
        let text = Self.usual.replacing(part, with: replacement)
        #expect(text != Self.usual)
        #expect(try #require(scan(text)).line.fields.fault == fault)
    }

    @Test func variant() throws {
        let line = try #require(scan(Self.usual.replacing("6878b60200000001", with: "6878b602000000017f"))).line
        #expect(line.fields.job == 0x6878_b602_0000_0001)
        #expect(line.fields.variant == 0x7f)
    }

    /// Every line that the scanner takes, the JSON reader takes too, and both read the same.
    @Test func agreesWithTheJSONReader() {
        var generator = SeededGenerator(seed: 7)
        let session = Session(settings: .test, difficulty: DifficultySettings(), at: 0)
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = Array(Self.usual.utf8)
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = Array(#"0af"{}[],: 9x\n"#.utf8).randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[index], at: index)
                }
            }
            guard let line = SubmitScanner.scan(bytes.span) else { continue }
            taken += 1
            let name = Array(bytes[line.worker.range])
            var copy = session
            guard let message = Message(line: bytes.span), case .submit(let id, let worker, let fields)? = copy.receive(message, at: 0).first else {
                Issue.record("no submit for the JSON reader: \(String(decoding: bytes, as: UTF8.self))")
                continue
            }
            let key = WorkerKey(name.span)
            #expect(fields == line.fields)
            #expect(worker == key)
            #expect(id == (line.id.count == 0 ? .null : RequestID(text: Array(bytes[line.id.range]))))
        }
        #expect(taken > 2_000)
    }
}
