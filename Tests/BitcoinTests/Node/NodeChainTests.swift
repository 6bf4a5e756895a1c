import Bitcoin
import HTTP
import Hashing
import JSON
import Testing

/// Typed reading of what nodes say of their chain.
@Suite(.timeLimit(.minutes(1)))
struct NodeChainTests {
    static let genesis = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"

    static func info(_ changes: [String: JSONValue?] = [:]) -> JSONValue {
        var info: JSONObject = [
            "chain": "signet", "blocks": 7, "headers": 9, "bestblockhash": .string(genesis), "bits": "207fffff", "difficulty": 4.656542373906925e-10,
            "time": 1_296_688_602, "mediantime": 1_296_688_600, "verificationprogress": 1, "initialblockdownload": true, "signet_challenge": "51",
        ]
        for (key, value) in changes { info[key] = value }
        return .object(info)
    }

    static func answering(_ result: JSONValue) throws -> FakeNode {
        try FakeNode { _, call, _ in .result(result.text(), of: call) }
    }

    @Test func blockchainInfo() async throws {
        let node = try Self.answering(Self.info())
        let info = try await node.client().getBlockchainInfo()
        #expect(info.chain == .signet)
        #expect(info.blocks == 7)
        #expect(info.headers == 9)
        #expect(info.bestBlockHash.displayHex == Self.genesis)
        #expect(info.bits == CompactBits(rawValue: 0x207f_ffff))
        #expect(info.difficulty == 4.656542373906925e-10)
        #expect(info.verificationProgress == 1)
        #expect(info.initialBlockDownload)
        #expect(info.signetChallenge == [0x51])
        #expect(info.medianTime == 1_296_688_600)
        await node.server.stop()
    }

    @Test func olderNodesAndOtherChains() async throws {
        let node = try Self.answering(Self.info(["bits": nil, "signet_challenge": nil, "chain": "liquid"]))
        let info = try await node.client().getBlockchainInfo()
        #expect(info.chain == nil)
        #expect(info.chainName == "liquid")
        #expect(info.bits == nil)
        #expect(info.signetChallenge == nil)
        await node.server.stop()
    }

    static let malformed: [(key: String, value: JSONValue?, words: String)] = [
        ("blocks", nil, "JSON: getblockchaininfo.blocks is missing"),
        ("blocks", "7", "JSON: getblockchaininfo.blocks should be an integer from 0 to 4294967295 but is a string"),
        ("blocks", -1, "JSON: getblockchaininfo.blocks should be an integer from 0 to 4294967295 but is an integer"),
        ("bestblockhash", "00", "JSON: getblockchaininfo.bestblockhash should be 64 hex digits but is a string"),
        ("bits", "1d00fff", "JSON: getblockchaininfo.bits should be 8 hex digits but is a string"),
        ("initialblockdownload", .null, "JSON: getblockchaininfo.initialblockdownload should be a boolean but is null"),
    ]

    @Test(arguments: malformed)
    func whatDoesNotFitIsNamed(key: String, value: JSONValue?, words: String) async throws {
        let node = try Self.answering(Self.info([key: value]))
        await #expect(throws: NodeError.malformed(words)) { try await node.client().getBlockchainInfo() }
        await node.server.stop()
    }

    static let header: JSONObject = [
        "hash": .string(genesis), "confirmations": 1, "height": 0, "version": 1, "versionHex": "00000001",
        "merkleroot": "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "time": 1_296_688_602, "mediantime": 1_296_688_602,
        "nonce": 2, "bits": "207fffff", "difficulty": 4.656542373906925e-10, "nTx": 1,
    ]

    @Test func headersHashToTheirName() async throws {
        let hash = try #require(Hash256(displayHex: Self.genesis))
        let node = try Self.answering(.object(Self.header))
        let header = try #require(try await node.client().getBlockHeader(hash))
        #expect(header.header.hash == hash)
        #expect(header.header.serialized.count == 80)
        #expect(header.height == 0)
        #expect(header.confirmations == 1)
        #expect(header.isOnActiveChain)
        await node.server.stop()

        var altered = Self.header
        altered["nonce"] = 3
        let liar = try Self.answering(.object(altered))
        await #expect(throws: NodeError.malformed("getblockheader: not the header of that hash")) { try await liar.client().getBlockHeader(hash) }
        await liar.server.stop()
    }

    @Test func whatTheNodeDoesNotKnowIsNil() async throws {
        let node = try FakeNode { _, call, _ in
            let code = call["method"] == "getblockhash" ? -8 : -5
            return HTTPResponse(status: 500, text: #"{"result":null,"error":{"code":\#(code),"message":"no"},"id":\#(call["id"]?.text() ?? "")}"#)
        }
        #expect(try await node.client().getBlockHash(height: 1_000) == nil)
        #expect(try await node.client().getBlockHeader(.zero) == nil)
        await node.server.stop()
    }

    @Test(
        arguments: [
            (Chain.main, nil, #"[{"rules":["segwit"]}]"#),
            (.regtest, "abc", #"[{"rules":["segwit"],"capabilities":["longpoll"],"longpollid":"abc"}]"#),
            (.signet, nil, #"[{"rules":["segwit","signet"]}]"#),
        ] as [(Chain, String?, String)]
    )
    func templatesAreAskedByTheChainsRules(chain: Chain, longPollID: String?, params: String) async throws {
        let node = try Self.answering(["height": 1])
        #expect(try await node.client().getBlockTemplate(for: chain, longPollID: longPollID) == ["height": 1])
        #expect(node.seen.first?["params"] == (try JSONValue(parsing: params)))
        await node.server.stop()
    }
}
