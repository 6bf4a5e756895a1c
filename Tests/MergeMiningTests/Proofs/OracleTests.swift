import Foundation
import Hashing
import JSON
import MergeMining
import Randomness
import Testing

/// Generated proofs, half of them altered, judged here and by an independent verifier: verdict and reason must agree.
///
/// `MOTHERLODE_PROOFS` sets how many; 10,000 is the whole comparison.
@Suite struct OracleTests {
    static let count = ProcessInfo.processInfo.environment["MOTHERLODE_PROOFS"].flatMap(Int.init) ?? 1000

    @Test func auxPow() throws {
        var generator = AuxPowProofs(seed: 20)
        try compare("AuxPoW", try (0..<Self.count / 2).map { try generator.next(altered: $0 % 2 == 1) })
    }

    @Test func rsk() throws {
        var generator = RSKProofs(seed: 21)
        try compare("RSK", (0..<Self.count / 2).map { generator.next(altered: $0 % 2 == 1) })
    }

    /// Real headers with a few bytes changed. Where neither reads them the words may differ.
    @Test func headers() throws {
        guard let vectors = try Vectors.load("rsk.json") else { return }
        var random = SeededGenerator(seed: 22)
        var objects: [JSONValue] = []
        for vector in vectors where vector["kind"]?.string == "header" {
            var rlp = try #require(vector["fields"]?.bytes("rlp"))
            for _ in 0..<20 {
                for _ in 0..<Int.random(in: 1...2, using: &random) {
                    rlp[Int.random(in: 0..<rlp.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
                }
                if random.once(in: 10) { rlp.removeLast() }
                let network = vector["fields"]?["net"] ?? .null
                objects.append(["kind": "header", "fields": ["net": network, "rlp": .string(Hex.encode(rlp))]])
            }
        }
        guard let wanted = try Oracle.judge(objects) else { return }
        for (object, reason) in zip(objects, wanted) {
            let verdict = try ProofFile(object).judge()
            if reason != "unreadable", verdict.reason != RSKReject.blockHeader.rawValue {
                #expect(verdict.reason == reason)
            } else {
                #expect(verdict.isValid == (reason == "ok"))
            }
        }
        #expect(wanted.count == objects.count && !wanted.isEmpty)
    }

    private func compare(_ name: String, _ objects: [JSONValue]) throws {
        guard let wanted = try Oracle.judge(objects) else { return }
        #expect(wanted.count == objects.count)
        var accepted = 0
        var reasons: [String: Int] = [:]
        var disagreements = 0
        for (object, reason) in zip(objects, wanted) {
            let verdict = try ProofFile(object).judge()
            if verdict.reason != reason {
                disagreements += 1
                if disagreements <= 5 { Issue.record("oracle says \(reason), we say \(verdict.reason): \(object.text())") }
            }
            if verdict.isValid { accepted += 1 }
            reasons[verdict.reason, default: 0] += 1
        }
        let list = reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("\(name): \(objects.count) proofs, \(accepted) accepted, \(disagreements) disagreements: \(list)")
        #expect(disagreements == 0)
        // A comparison in which everything is refused, or nothing, compares little.
        #expect(accepted > objects.count / 3 && accepted < objects.count)
    }
}
