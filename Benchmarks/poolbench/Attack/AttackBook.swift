import JSON

/// What attackers did and what was done to them, by their own book.
struct AttackBook {
    struct Entry {
        var attackers = 0
        var connections = 0
        /// Connections that did not come about.
        var refused = 0
        /// Connections that the pool ended.
        var ended = 0
        var bytes = 0
        /// Guessed session ids that the pool took for its own.
        var stolen = 0

        static var fields: [(name: String, path: WritableKeyPath<Entry, Int>)] {
            [
                ("attackers", \.attackers), ("connections", \.connections), ("refused", \.refused), ("ended", \.ended), ("bytes", \.bytes),
                ("stolen", \.stolen),
            ]
        }
    }

    private(set) var entries: [AttackKind: Entry] = [:]

    subscript(kind: AttackKind) -> Entry {
        get { entries[kind] ?? Entry() }
        set { entries[kind] = newValue }
    }

    var stolen: Int { entries.values.reduce(0) { $0 + $1.stolen } }

    mutating func merge(_ other: AttackBook) {
        for (kind, entry) in other.entries {
            // Another round's attackers are the same, at other addresses.
            let attackers = max(self[kind].attackers, entry.attackers)
            for field in Entry.fields { self[kind][keyPath: field.path] += entry[keyPath: field.path] }
            self[kind].attackers = attackers
        }
    }

    init() {}

    var json: JSONValue {
        .object(
            JSONObject(
                entries.map { kind, entry in
                    (kind.rawValue, .object(JSONObject(Entry.fields.map { ($0.name, .integer(Int64(entry[keyPath: $0.path]))) })))
                }
            )
        )
    }

    init(json: JSONValue) {
        for kind in AttackKind.allCases {
            guard let entry = json[kind.rawValue] else { continue }
            for field in Entry.fields { self[kind][keyPath: field.path] = Int(entry[field.name]?.integer ?? 0) }
        }
    }
}
