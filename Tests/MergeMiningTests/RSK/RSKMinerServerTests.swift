import Bitcoin
import Hashing
import JSON
import Testing

@testable import MergeMining

@Suite struct RSKMinerServerTests {
    /// Transcripts of the real classes: work of difficulty 3 on the main network, one node for each.
    @Test func transcripts() throws {
        guard let vectors = try Vectors.load("rsk.json") else { return }
        var count = 0
        for vector in vectors where vector["kind"]?.string == "rpc" {
            let name = try #require(vector["name"]?.string)
            let (request, response) = (try #require(vector["fields"]?["request"]), try #require(vector["expected"]?["response"]))
            let method = try #require(request["method"]?.string.flatMap(RSKSubmitMethod.init(rawValue:)))
            let parameters = try #require(request["params"]?.array)
            let height = response["result"]?["blockIncludedHeight"]?.string.flatMap { UInt64($0.dropFirst(2), radix: 16) }
            // The recorded node's clock is not in the transcript: the block's time follows from the header's and the offset in the name.
            let offset = Int64(name.split(separator: "ntime-").last.map(String.init) ?? "") ?? 0
            do throws(RSKCallError) {
                let submission = try RSKSubmission(method, parameters)
                let parentTime = Int64(UInt32(littleEndian: submission.header[68..<72]))
                let time = UInt64(clamping: parentTime - offset)
                var server = RSKMinerServer(network: .main, bestParent: [1])
                if name != "rpc-evicted-work" {
                    let parent: [UInt8] = name == "rpc-stale-but-cached" ? [0] : [1]
                    let work = RSKWork(hash: try submission.workHash(), target: Target(rskDifficulty: UInt256(3 as UInt8)), parent: parent)
                    server.add(.init(work, time: time, height: height ?? 8_900_000))
                }
                let now = Int64(time) * 1000
                if name == "rpc-partial-resubmitted" { _ = try server.submit(submission, now: now) }
                let result = try server.submit(submission, now: now)
                let expected = try? RSKImport(response["result"] ?? .null)
                #expect(result.status == expected?.status, "\(name)")
                #expect(result.height == expected?.height, "\(name)")
            } catch {
                #expect(error.code == response["error"]?["code"]?.integer.map(Int.init), "\(name)")
                let expected = try #require(response["error"]?["message"]?.string)
                if case .invalid(_, _, let hash, _) = error {
                    #expect(expected.hasPrefix("Invalid block supplied by miner: ") && expected.contains(" \(hash) at height "), "\(name)")
                } else {
                    #expect(error.message == expected, "\(name)")
                }
            }
            count += 1
        }
        #expect(count == 13)
    }

    @Test func remembersTwentyWorks() throws {
        var sample = SampleRSK(seed: 3)
        var server = RSKMinerServer(network: .main, bestParent: sample.parent)
        let first = sample.solved()
        server.add(.init(first.work, time: 1_700_000_000, height: 8_900_000))
        for _ in 0..<19 { server.add(.init(sample.solved().work, time: 1_700_000_000, height: 8_900_000)) }
        #expect(try server.submit(first.submission, now: 1_700_000_000_000).status == .best)
        server.add(.init(sample.solved().work, time: 1_700_000_000, height: 8_900_000))
        #expect(throws: RSKCallError.unknownWork(first.work.hash)) { try server.submit(first.submission, now: 1_700_000_000_000) }
    }

    @Test func rateLimitCountsBadSubmissions() throws {
        var sample = SampleRSK(seed: 4)
        var server = RSKMinerServer(network: .testnet, bestParent: sample.parent, rateLimit: 10_000)
        let (good, unknown) = (sample.solved(), sample.solved())
        server.add(.init(good.work, time: 1_700_000_000, height: 8_900_000))
        #expect(throws: RSKCallError.unknownWork(unknown.work.hash)) { try server.submit(unknown.submission, now: 1_700_000_000_000) }
        #expect(throws: RSKCallError.rateLimited) { try server.submit(good.submission, now: 1_700_000_009_999) }
        #expect(try server.submit(good.submission, now: 1_700_000_010_000).status == .best)
    }

    @Test func siblingsOfOneWork() throws {
        var sample = SampleRSK(seed: 5)
        var server = RSKMinerServer(network: .main, bestParent: sample.parent)
        let (one, other) = (sample.solved(), sample.solved())
        server.add(.init(one.work, time: 1_700_000_000, height: 8_900_000))
        server.add(.init(other.work, time: 1_700_000_000, height: 8_900_000))
        let first = try server.submit(one.submission, now: 1_700_000_000_000)
        #expect(try server.submit(one.submission, now: 1_700_000_000_000).status == .exists)
        server.bestParent = [7]
        let second = try server.submit(other.submission, now: 1_700_000_000_000)
        #expect(second.status == .notBest)
        #expect(first.blockHash != second.blockHash)
    }

    /// What `mnr_getWork` gives reads back as it was written; what lacks a part does not.
    @Test func workRoundTrip() throws {
        var sample = SampleRSK(seed: 6)
        let work = sample.solved().work
        #expect(try RSKWork(work.json) == work)
        for key in ["blockHashForMergedMining", "target", "parentBlockHash"] {
            var object = try #require(work.json.object)
            object[key] = "0x12"
            #expect(throws: AuxiliaryReplyError.member(key)) { try RSKWork(.object(object)) }
        }
        // An array is what a stale page of rskj's documentation promises.
        #expect(throws: AuxiliaryReplyError.self) { try RSKWork(.array([.string(work.hash.description)])) }
    }

    @Test func importRoundTrip() throws {
        for status in RSKImportStatus.allCases {
            let result = RSKImport(status: status, blockHash: String(repeating: "ab", count: 32), height: 8_900_000)
            #expect(try RSKImport(result.json) == result)
        }
    }
}
