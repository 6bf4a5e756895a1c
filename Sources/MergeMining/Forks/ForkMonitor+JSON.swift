import Hashing
public import JSON

extension ForkMonitor {
    /// What `poolctl aux forks` shows.
    public var json: JSONValue {
        [
            "alarm": .bool(!alarms.isEmpty), "alarms": .array(alarms.map(\.json)), "parentHeight": .integer(parentHeight),
            "window": .integer(settings.window), "tagged": JSONValue(tagged), "untagged": JSONValue(untagged), "main": main.json(of: tagged),
            "branches": .array(branches.map { $0.json(of: tagged) }),
        ]
    }
}

extension ForkMonitor.Alarm {
    public var json: JSONValue {
        switch self {
        case .diverging(let branch):
            ["kind": .string(label), "branch": JSONValue(branch.id), "sightings": JSONValue(branch.sightings.count), "text": .string(text)]
        case .hidden(let sightings): ["kind": .string(label), "sightings": JSONValue(sightings.count), "text": .string(text)]
        case .unpublished(let count): ["kind": .string(label), "sightings": JSONValue(count), "text": .string(text)]
        }
    }

    /// One line for a log.
    public var text: String {
        switch self {
        case .diverging(let branch):
            if let left = branch.leftMain, left.lowerBound > 0 {
                "\(branch.sightings.count) parent blocks build on an RSK branch that parted between heights \(left.lowerBound) and \(left.upperBound)"
            } else {
                "\(branch.sightings.count) parent blocks build on an RSK branch that parted before all that is known"
            }
        case .hidden(let sightings):
            "\(sightings.count) parent blocks build on RSK height \(sightings.map(\.height).max() ?? 0), above all that the node knows"
        case .unpublished(let count): "\(count) RSK blocks in a row were mined and did not come onto the chain"
        }
    }
}

extension ForkBranch {
    func json(of tagged: Int) -> JSONValue {
        let last = sightings.last
        return [
            "id": JSONValue(id), "sightings": JSONValue(sightings.count),
            "share": .real(tagged == 0 ? 0 : Double(sightings.count) / Double(tagged)), "height": height.map { .integer($0) } ?? .null,
            "from": leftMain.map { .integer($0.lowerBound) } ?? .null, "to": leftMain.map { .integer($0.upperBound) } ?? .null,
            "firstParent": sightings.first.map { .integer($0.parentHeight) } ?? .null,
            "lastParent": last.map { .integer($0.parentHeight) } ?? .null, "hash": last.map { .string($0.hash.description) } ?? .null,
        ]
    }
}
