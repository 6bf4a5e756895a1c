import Bitcoin
import Hashing
import JSON
import Randomness
import Testing

@testable import MergeMining

/// Whatever bytes come, every reader ends with a value or an error. A crash or a hang is the failure.
@Suite(.timeLimit(.minutes(2))) struct HostileInputTests {
    /// Random bytes, and good objects with bytes changed, cut and doubled.
    private static func spoiled(_ good: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = random.once(in: 8) ? random.bytes(Int.random(in: 0...200, using: &random)) : good
        for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch random.next() % 4 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[at] = [0, 1, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff][Int.random(in: 0...7, using: &random)]
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
            default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 33)], at: at)
            }
        }
        return bytes
    }

    @Test func proofs() throws {
        var random = SeededGenerator(seed: 100)
        var auxPow = AuxPowProofs(seed: 101)
        var rsk = RSKProofs(seed: 102)
        var refused = 0
        for round in 0..<800 {
            var object = round % 2 == 0 ? try auxPow.next(altered: true) : rsk.next(altered: true)
            let isRSK = object["fields"] != nil
            var fields = try #require((isRSK ? object["fields"] : object)?.object)
            for (key, value) in fields {
                guard let text = value.string, let bytes = Hex.decode(text), bytes.count > 30, random.once(in: 2) else { continue }
                fields[key] = .string(Hex.encode(Self.spoiled(bytes, &random)))
            }
            if isRSK { object = ["kind": object["kind"] ?? .null, "fields": .object(fields)] } else { object = .object(fields) }
            if (try? ProofFile(object).judge())?.isValid != true { refused += 1 }
        }
        #expect(refused > 400)
    }

    @Test func headersAndTrees() throws {
        guard let vectors = try Vectors.load("rsk.json") else { return }
        var random = SeededGenerator(seed: 103)
        let headers = vectors.compactMap { $0["fields"]?.bytes("rlp") }
        for round in 0..<1000 {
            let bytes = Self.spoiled(headers[round % headers.count], &random)
            for network in RSKNetwork.allCases {
                guard let header = try? RSKHeader(rlp: bytes, network: network) else { continue }
                _ = header.blockHash
                _ = try? header.verify()
                _ = try? header.verifyContext(ancestors: [])
            }
            _ = try? RSKPartialMerkleTree(bytes: bytes).rootAndMatches()
            _ = RSKCompressedCoinbase(bytes: bytes)?.transactionID
        }
        // A tree that promises more than it holds, and lists in lists.
        _ = try? RSKPartialMerkleTree(bytes: [0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
        #expect(RLP(bytes: [UInt8](repeating: 0xc1, count: 100_000)) == nil)
        #expect(RLP(bytes: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) == nil)
    }

    @Test func submissions() throws {
        var random = SeededGenerator(seed: 104)
        var sample = SampleRSK(seed: 105)
        for _ in 0..<800 {
            let solved = sample.solved()
            let good = RSKSubmission.partialMerkle(header: solved.header, coinbase: solved.coinbase, branch: solved.branch, transactions: 8)
            let parameters = good.map { JSONValue.string(String(decoding: Self.spoiled(Array(($0.string ?? "").utf8), &random), as: UTF8.self)) }
            for method in RSKSubmitMethod.allCases {
                guard let submission = try? RSKSubmission(method, Array(parameters.prefix(method.parameterCount))) else { continue }
                _ = try? submission.proof.verify(hash: solved.work.hash, target: solved.work.target)
            }
            _ = try? HathorProof(parsing: Self.spoiled(solved.coinbase, &random))
        }
    }

    @Test func nodeReplies() throws {
        var random = SeededGenerator(seed: 106)
        var sample = SampleWorks(seed: 107)
        for _ in 0..<1000 {
            let work = sample.reply(.syscoin, .syscoin).text()
            let text = Self.spoiled(Array(work.utf8), &random)
            guard let value = try? JSONValue(parsing: text) else { continue }
            if let parsed = try? AuxPowWork(value, flavour: .syscoin, chain: .syscoin) {
                _ = (parsed.leaf, parsed.blockID, parsed.syscoinTag)
            }
            _ = try? RSKWork(value)
            _ = try? RSKImport(value)
            _ = try? AuxiliarySolution(value)
        }
    }
}
