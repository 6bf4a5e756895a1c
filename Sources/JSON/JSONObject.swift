/// The members of a JSON object in the order they came.
///
/// Names are unique: the last value given for a name wins and keeps the place of the first. Small objects are searched from the front, which is
/// faster than hashing; larger ones carry an index, so that a hostile body with many names costs no quadratic time.
public struct JSONObject: Sendable {
    /// One name and its value.
    public typealias Member = (key: String, value: JSONValue)

    public private(set) var members: [Member] = []
    private var places: [String: Int]?

    /// From this many members on an index is kept.
    private static let indexed = 24

    public init() {}

    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The value of a name; assigning nil removes the member.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(key, value)
            case (let place?, nil): remove(at: place)
            case (nil, nil): break
            }
        }
    }

    public var keys: [String] { members.map(\.key) }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if places != nil {
            places?[key] = members.count - 1
        } else if members.count >= Self.indexed {
            reindex()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        places = nil
        if members.count >= Self.indexed { reindex() }
    }

    private mutating func reindex() {
        var places: [String: Int] = [:]
        places.reserveCapacity(2 * members.count)
        for (place, member) in members.enumerated() { places[member.key] = place }
        self.places = places
    }
}

extension JSONObject: Equatable {
    /// Order does not matter to JSON, nor here.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(members)
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Member { members[position] }
}
