import Bitcoin
import Hashing
public import JSON

/// Runs the monitor over recorded coinbases: one JSON object a line.
///
/// A parent block is `{"height": N, "hash": "…", "coinbase": "hex"}`; instead of `coinbase` the 32 bytes may stand alone as `"tag"`. What the
/// RSK chain looked like may be told before: `{"rsk": N, "hashForMergedMining": "hex", "bitcoinMergedMiningHeader": "hex"}`.
public struct ForkReplay: Sendable {
    public private(set) var monitor: ForkMonitor
    /// Alarms as they arose, with the parent height at which they did.
    public private(set) var raised: [(parentHeight: Int64, alarm: ForkMonitor.Alarm)] = []
    private var standing: Set<String> = []

    public init(settings: ForkMonitor.Settings = ForkMonitor.Settings()) {
        monitor = ForkMonitor(settings: settings)
    }

    /// Takes one line; empty ones are passed over.
    public mutating func take(line: some Collection<UInt8>) throws(ForkReplayError) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        let value: JSONValue
        do { value = try JSONValue(parsing: Array(line), limits: JSONLimits(bytes: 8 << 20, depth: 8)) } catch { throw .unreadable(error) }
        if let height = value["rsk"]?.integer {
            try know(height, value)
        } else {
            try observe(value)
        }
        for alarm in monitor.alarms where standing.insert(alarm.key).inserted { raised.append((monitor.parentHeight, alarm)) }
        standing.formIntersection(monitor.alarms.map(\.key))
    }

    private mutating func know(_ height: Int64, _ value: JSONValue) throws(ForkReplayError) {
        guard let hash = value.hex("hashForMergedMining").flatMap({ RSKMiningHash(bytes: $0) }) else { throw .member("hashForMergedMining") }
        guard let bytes = value.hex("bitcoinMergedMiningHeader"), let header = try? BlockHeader(parsing: bytes) else {
            throw .member("bitcoinMergedMiningHeader")
        }
        monitor.know(ForkKnownBlock(height: height, hash: hash, header: header))
    }

    private mutating func observe(_ value: JSONValue) throws(ForkReplayError) {
        guard let height = value["height"]?.integer else { throw .member("height") }
        let name = value["hash"]?.string ?? ""
        var sighting: ForkSighting?
        if value["tag"] != nil {
            guard let hash = value.hex("tag").flatMap({ RSKMiningHash(bytes: $0) }) else { throw .member("tag") }
            sighting = ForkSighting(parentHeight: height, parentHash: name, hash: hash)
        } else {
            guard let bytes = value.hex("coinbase"), let coinbase = try? Transaction(parsing: bytes) else { throw .member("coinbase") }
            sighting = ForkSighting(parentHeight: height, parentHash: name, coinbase: coinbase)
        }
        if let sighting { _ = monitor.observe(sighting) } else { _ = monitor.observeUntagged(parentHeight: height) }
    }
}

/// Why a recorded line cannot be used.
public enum ForkReplayError: Error, Equatable, CustomStringConvertible {
    case unreadable(JSONError)
    case member(String)

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .member(let name): "\"\(name)\" is missing or unusable"
        }
    }
}

extension ForkMonitor.Alarm {
    /// What makes it the same alarm as before.
    var key: String {
        switch self {
        case .diverging(let branch): "diverging \(branch.id)"
        case .hidden, .unpublished: label
        }
    }
}

extension JSONValue {
    /// The bytes of a hex member, with or without `0x`.
    func hex(_ key: String) -> [UInt8]? {
        guard let text = self[key]?.string else { return nil }
        return Hex.decode(text.hasPrefix("0x") ? text.dropFirst(2) : text[...])
    }
}
