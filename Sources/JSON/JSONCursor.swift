/// A value together with the way that led to it, so that an error can name `result.transactions[3].fee`.
public struct JSONCursor: Sendable {
    public let value: JSONValue
    private let place: Place

    /// The steps from the root, innermost first; spelled out only when an error needs them.
    private indirect enum Place: Sendable {
        case root(String)
        case member(Place, String)
        case element(Place, Int)

        var path: String {
            switch self {
            case .root(let name): name
            case .member(let place, let key): place.path.isEmpty ? key : place.path + "." + key
            case .element(let place, let index): place.path + "[\(index)]"
            }
        }
    }

    /// `name` is what errors call the root; empty for none.
    public init(_ value: JSONValue, name: String = "") {
        self.init(value, at: .root(name))
    }

    private init(_ value: JSONValue, at place: Place) {
        self.value = value
        self.place = place
    }

    /// The way from the root to here.
    public var path: String { place.path.isEmpty ? "the value" : place.path }

    /// The member `key`; an error when it is missing.
    public func member(_ key: String) throws(JSONError) -> JSONCursor {
        let object = try read(as: .object)
        guard let member = object[key] else { throw .missing(path: Place.member(place, key).path) }
        return JSONCursor(member, at: .member(place, key))
    }

    /// The elements of an array.
    public func elements() throws(JSONError) -> [JSONCursor] {
        try read(as: .array).enumerated().map { JSONCursor($1, at: .element(place, $0)) }
    }

    /// This value, which must have the given type.
    public func read<Value>(as type: JSONType<Value>) throws(JSONError) -> Value {
        guard let result = type.read(value) else { throw .mismatch(path: path, expected: type.name, found: value.kind) }
        return result
    }

    /// The member `key`, which must be there and have the given type.
    public func required<Value>(_ key: String, as type: JSONType<Value>) throws(JSONError) -> Value {
        try member(key).read(as: type)
    }

    /// The member `key`: nil when missing or null, an error when it has another type.
    public func optional<Value>(_ key: String, as type: JSONType<Value>) throws(JSONError) -> Value? {
        guard let member = try read(as: .object)[key], !member.isNull else { return nil }
        return try JSONCursor(member, at: .member(place, key)).read(as: type)
    }
}

extension JSONValue {
    /// The member `key`, which must be there and have the given type.
    public func required<Value>(_ key: String, as type: JSONType<Value>) throws(JSONError) -> Value {
        try JSONCursor(self).required(key, as: type)
    }

    /// The member `key`: nil when missing or null, an error when it has another type.
    public func optional<Value>(_ key: String, as type: JSONType<Value>) throws(JSONError) -> Value? {
        try JSONCursor(self).optional(key, as: type)
    }
}

/// How to read one type out of a value.
public struct JSONType<Value>: Sendable {
    /// What errors call it: "an integer".
    public let name: String
    let read: @Sendable (JSONValue) -> Value?

    /// `read` answers nil for a value that does not fit.
    public init(_ name: String, read: @escaping @Sendable (JSONValue) -> Value?) {
        self.name = name
        self.read = read
    }
}

extension JSONType where Value == JSONValue {
    public static var any: Self { Self("a value") { $0 } }
}

extension JSONType where Value == Bool {
    public static var bool: Self { Self("a boolean") { $0.bool } }
}

extension JSONType where Value == Int64 {
    public static var integer: Self { Self("an integer") { $0.integer } }
}

extension JSONType where Value == Double {
    public static var double: Self { Self("a number") { $0.double } }
}

extension JSONType where Value == String {
    public static var string: Self { Self("a string") { $0.string } }
}

extension JSONType where Value == [JSONValue] {
    public static var array: Self { Self("an array") { $0.array } }
}

extension JSONType where Value == JSONObject {
    public static var object: Self { Self("an object") { $0.object } }
}

extension JSONType where Value: FixedWidthInteger & Sendable {
    /// An integer that fits `Value`, for example `.fitting(UInt32.self)`.
    public static func fitting(_ type: Value.Type) -> Self {
        Self("an integer from \(Value.min) to \(Value.max)") { $0.integer.flatMap(Value.init(exactly:)) }
    }
}
