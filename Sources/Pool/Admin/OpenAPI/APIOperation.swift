/// One path of the API, for its description.
struct APIOperation: Sendable {
    enum Method: String, Sendable {
        case get
        case post
    }

    struct Parameter: Sendable {
        var name: String
        /// `string`, `integer` or `number`.
        var type: String
        var summary: String
        var isRequired = false
    }

    var method: Method
    /// Behind `/api/v1`.
    var path: String
    var summary: String
    /// Of the query for a GET, of the body's object for a POST.
    var parameters: [Parameter] = []
    var answer: Answer

    enum Answer: Sendable {
        /// An object or a list of objects by the name of their ``APISchema``.
        case one(String)
        case list(String)
        /// Server-sent events.
        case events
        /// An object that has no stable names.
        case object
    }
}

/// The stable names of an object that the API answers with.
struct APISchema: Sendable {
    var name: String
    /// One word for each member: `name:type`, with `?` behind a type that may be null. Types are those of JSON Schema; `units` is an amount, a number
    /// where 64 bits hold it, else its digits as text; `map` an object whose names are data; `[X]` and `X` with a capital letter are other schemas.
    var members: String
}
