import Bitcoin
import Foundation
import HTTP
import Hashing
import JSON
import Testing

/// Submitting blocks, and what nodes say to them.
@Suite(.timeLimit(.minutes(1)))
struct NodeSubmissionTests {
    static let outcomes: [(status: Int, body: String, outcome: SubmitOutcome, definite: Bool)] = [
        (200, #"{"result":null,"error":null,"id":0}"#, .accepted, true),
        (200, #"{"result":"duplicate","error":null,"id":0}"#, .duplicate, true),
        (200, #"{"result":"duplicate-invalid","error":null,"id":0}"#, .duplicateInvalid, true),
        (200, #"{"result":"duplicate-inconclusive","error":null,"id":0}"#, .duplicateInconclusive, true),
        (200, #"{"result":"inconclusive","error":null,"id":0}"#, .inconclusive, true),
        (200, #"{"result":"bad-prevblk","error":null,"id":0}"#, .stale("bad-prevblk"), true),
        (200, #"{"result":"prev-blk-not-found","error":null,"id":0}"#, .unknownParent("prev-blk-not-found"), false),
        (200, #"{"result":"high-hash","error":null,"id":0}"#, .rejected("high-hash"), true),
        (200, #"{"result":"bad-txnmrklroot","error":null,"id":0}"#, .rejected("bad-txnmrklroot"), true),
        (500, #"{"result":null,"error":{"code":-22,"message":"Block decode failed"},"id":0}"#, .rejected("Block decode failed"), true),
        (
            500, #"{"result":null,"error":{"code":-25,"message":"Disk space is too low"},"id":0}"#,
            .ambiguous(.rpc(code: -25, "Disk space is too low")), false
        ),
        (404, #"{"result":null,"error":{"code":-32601,"message":"no"},"id":0}"#, .notDelivered(.rpc(code: -32601, "no")), false),
        (500, #"{"result":null,"error":{"code":-28,"message":"Verifying"},"id":0}"#, .notDelivered(.warmingUp("Verifying")), false),
        (503, "Work queue depth exceeded", .notDelivered(.busy), false),
        (401, "", .notDelivered(.unauthorized), false),
        (200, "<html>", .ambiguous(.malformed("JSON, line 1 column 1 (byte 0): this byte cannot stand here")), false),
        (200, #"{"result":7,"error":null,"id":0}"#, .ambiguous(.malformed("submitblock: an integer")), false),
    ]

    @Test(arguments: outcomes)
    func answersAreTold(status: Int, body: String, outcome: SubmitOutcome, definite: Bool) async throws {
        let node = try FakeNode(status: status, answer: body)
        let result = await node.client().submitBlock(BlockSubmission(block: [0xab, 0xcd]))
        #expect(result == outcome)
        #expect(result.isDefinite == definite)
        await node.server.stop()
    }

    @Test func deadNodesGetNothing() async throws {
        let node = try FakeNode(answer: "")
        let client = node.client()
        await node.server.stop()
        let outcome = await client.submitBlock(BlockSubmission(block: [1]))
        #expect(outcome.label == "not-delivered")
    }

    @Test func silentNodesMayHaveGotIt() async throws {
        let node = try FakeNode { _, _, _ in
            try? await Task.sleep(for: .seconds(30))
            return HTTPResponse()
        }
        let outcome = await node.client().submitBlock(BlockSubmission(block: [1]), timeout: .seconds(1))
        #expect(outcome == .ambiguous(.timedOut(sent: true)))
        #expect(!outcome.isDefinite)
        await node.server.stop()
    }

    @Test func unreadableCookiesAreNotDelivered() async throws {
        let node = try FakeNode(answer: "")
        let outcome = await node.client(.cookieFile("/nonexistent/.cookie")).submitBlock(BlockSubmission(block: [1]))
        #expect(outcome.label == "not-delivered")
        #expect(node.seen.isEmpty)
        await node.server.stop()
    }

    @Test func aNewCookieIsTriedAtOnce() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/.cookie"
            try "u:old".write(toFile: path, atomically: true, encoding: .utf8)
            let node = try FakeNode { request, call, number in
                guard number > 0 else {
                    try? "u:new".write(toFile: path, atomically: true, encoding: .utf8)
                    return HTTPResponse(status: 401, text: "")
                }
                let isNew = request.headers["Authorization"] == NodeClientTests.authorization("u", "new")
                return isNew ? .result("null", of: call) : HTTPResponse(status: 401, text: "")
            }
            #expect(await node.client(.cookieFile(path)).submitBlock(BlockSubmission(block: [1])) == .accepted)
            await node.server.stop()
        }
    }

    /// However a block is cut into pieces, the node sees the same call.
    @Test(arguments: [0, 1, 80, 5_000, 200_000])
    func piecesMakeTheSameCall(headSize: Int) async throws {
        let block = (0..<200_100).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let node = try FakeNode { _, call, _ in .result("null", of: call) }
        let submission = BlockSubmission(head: Array(block[..<headSize]), tailHex: BlockSubmission.hex(Array(block[headSize...])))
        #expect(await node.client().submitBlock(submission) == .accepted)
        let call = try #require(node.seen.first)
        #expect(call["method"] == "submitblock")
        #expect(call["params"]?.array?.count == 1)
        #expect(call["params"]?[0]?.string?.utf8.elementsEqual(BlockSubmission.hex(block)) == true)
        await node.server.stop()
    }

    @Test func hexIsLowerCaseAndInOrder() {
        #expect(String(decoding: BlockSubmission.hex([0x00, 0x9f, 0xa0, 0xff]), as: UTF8.self) == "009fa0ff")
    }
}
