internal import JSON
import MergeMining

/// `poolctl aux forks --replay FILE`: the fork monitor over recorded coinbases, without a pool.
struct ForkReplayCommand {
    /// The largest file that is read, in bytes: some 200,000 recorded coinbases.
    static let limit = 256 << 20

    static let details = """
        FILE has one JSON object a line, - reads standard input. A parent block: {"height": N, "hash": "…", "coinbase": "hex"}; the 32 bytes of
        its RSK tag may stand alone as "tag". What the RSK chain has: {"rsk": N, "hashForMergedMining": "hex", "bitcoinMergedMiningHeader": "hex"}.
        """

    /// What errors call the file.
    let path: String
    let bytes: [UInt8]

    /// What `poolctl aux forks` prints of a running pool, with the alarms in the order in which they arose as `raised`.
    func run() throws(UsageError) -> JSONValue {
        var replay = ForkReplay()
        for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            do { try replay.take(line: line) } catch { throw UsageError("\(path), line \(index + 1): \(error)") }
        }
        guard case .object(var object) = replay.monitor.json else { return .null }
        object["raised"] = .array(
            replay.raised.map { height, alarm in
                ["parentHeight": .integer(height), "kind": .string(alarm.label), "text": .string(alarm.text)]
            }
        )
        return .object(object)
    }
}
