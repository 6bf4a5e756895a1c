import Hashing
import JSON
import Testing

@testable import Stratum

@Suite("mining.notify in its byte orders")
struct NotifyTextTests {
    @Test("The golden job, field by field as its pool sent it")
    func golden() throws {
        let text = NotifyText(try Golden.job(moved: false))
        let message = try JSONValue(parsing: Array(text.plain.dropLast()))
        #expect(
            message["params"]
                == .array([
                    "6878b60200000001", .string(Golden.previousHash), .string(Golden.coinbase1), .string(Golden.coinbase2), .array([]), "20000000",
                    "1e0377ae", "6878b602", false,
                ])
        )
        #expect(message["id"] == .null)
        #expect(message["method"] == "mining.notify")
        #expect(text.plain.last == 0x0a)
        #expect(String(decoding: text.clean, as: UTF8.self) == String(decoding: text.plain, as: UTF8.self).replacing("false]}", with: "true]}"))
        #expect(text.variant(1, clean: false) == nil, "a field of twelve bytes has no room for variants")
    }

    @Test("The golden share hashes to its captured hash")
    func goldenHash() throws {
        var share = TestShare(try Golden.job(moved: false), extranonce1: 0x03b6_7868, nonce: 0x58f9_0070)
        share.versionBits = 0x083a_c000
        #expect(share.hash.displayHex == Golden.hash)
        #expect(abs(share.hash.difficulty - 318.40) < 0.005)
    }

    @Test("A variant has another id and another coinbase, and nothing else")
    func variants() throws {
        var jobs = JobFactory()
        let job = jobs.job(extranonceSize: 20)
        let text = NotifyText(job)
        let plain = try #require(JSONValue(parsing: Array(text.plain.dropLast()))["params"]?.array)
        #expect(text.variant(0, clean: false) == text.plain)
        let bytes = try #require(text.variant(0xa7, clean: true))
        let variant = try #require(JSONValue(parsing: Array(bytes.dropLast()))["params"]?.array)
        let id = try #require(plain[0].string)
        #expect(variant[0] == .string(id + "a7"))
        let second = try #require(plain[3].string)
        #expect(second.hasPrefix("0000000000000000"))
        #expect(variant[3] == .string("a7" + second.dropFirst(2)))
        #expect(variant[8] == true)
        for index in [1, 2, 4, 5, 6, 7] { #expect(variant[index] == plain[index]) }
        #expect(plain[4].array?.count == 3)
    }

    @Test("Replies to shares say what the slow writer says", arguments: [nil] + RejectReason.allCases)
    func suffixes(reason: RejectReason?) {
        let id = RequestID(text: Array("\"x\"".utf8))
        let slow = reason.map { Reply.refusal(id, $0) } ?? Reply.success(id)
        var output = OutputBuffer()
        let pool = BlockPool()
        PendingReply(connection: 0, generation: 1, id: id.text.span).write(reason, to: &output, from: pool)
        let fast = Array(output.unsent)
        #expect(fast == slow)
    }
}
