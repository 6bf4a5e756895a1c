import Bitcoin
import Glibc
import JSON

@testable import Accounting
@testable import MergeMining
@testable import Pool

/// Good files for the fuzzer to begin with, as the pool writes them.
enum ArchiveSample {
    private static let windows = [
        ArchivedWindow(start: 1_795_219_680, span: 60, instance: 0, account: "tb1q", worker: "a", reason: 0, count: 7, weight: 1 << 70),
        ArchivedWindow(start: 1_795_219_680, span: 3_600, instance: 3, account: "\u{e4}\"\\", worker: "\u{1}", reason: 2, count: 1, weight: 0),
    ]

    static let lines = Array(windows.map(\.line).joined().utf8)

    static let archive: [UInt8] = {
        let path = ScratchFile.folder + "/shares-2026-11-21.csv.zst"
        unlink(path)
        try? ShareArchive(folder: ScratchFile.folder).append(windows)
        return ScratchFile.read(path)
    }()

    static let payloads: [[UInt8]] = {
        let names = [WorkerName(account: "tb1q", worker: "a"), WorkerName(account: "tb1p", worker: "")]
        var encoder = GroupEncoder()
        let first = ShareGroup(
            sequence: 1,
            time: 1_795_219_680_123,
            credits: [.init(worker: 0, count: 3, weight: 1 << 70, best: 12.5)],
            refusals: [.init(worker: 1, reason: 2, count: 1)]
        )
        let second = ShareGroup(sequence: 2, time: 1_795_219_680_143, credits: [.init(worker: 1, count: 1, weight: 4_096, best: 0)])
        return [first, second].map { encoder.encode($0) { names } }
    }()

    static let segment = segment(payloads)

    /// A segment's file, its first frame of sequence 1.
    static func segment(_ payloads: [[UInt8]]) -> [UInt8] {
        var file = Array("MLSHARES".utf8)
        file.append(littleEndian: UInt64(1))
        file.append(littleEndian: CRC32C.checksum(file[...]))
        for (index, payload) in payloads.enumerated() {
            var head: [UInt8] = []
            head.append(littleEndian: UInt32(payload.count))
            head.append(littleEndian: UInt64(index + 1))
            head.append(littleEndian: CRC32C.checksum(payload[...], after: CRC32C.checksum(head[...])))
            file += head + payload
        }
        return file
    }

    static let entry = BlockJournal.Entry(
        chain: "regtest",
        height: 7,
        hash: String(repeating: "0a", count: 32),
        account: "tb1q",
        worker: "a",
        foundAt: 1_795_219_680_123,
        reward: 312_500_000,
        networkWeight: 1 << 70,
        payload: Array("00ff".utf8)
    )

    /// A round of one account, whose row is its root.
    static let round: JSONValue = {
        let node = WeightTree.leaf(account: "tb1q", weight: 5)
        let proof = InclusionProof(chain: "main", round: 1, account: "tb1q", weight: 5, total: 5, root: WeightTree.root(node), path: [])
        return RoundProof(proof).json
    }()

    static let forks: [UInt8] = Array(
        """
        {"height": 900000, "hash": "00ff", "coinbase": "\(hex(Sample.rsk.coinbase))"}
        {"rsk": 9000000, "hashForMergedMining": "\(hex(Sample.rsk.hash.bytes))", "bitcoinMergedMiningHeader": "\(hex(Sample.rsk.header.serialized))"}
        {"height": 900001, "hash": "00fe", "tag": "\(hex(Sample.rsk.hash.bytes))"}
        """.utf8
    )

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
