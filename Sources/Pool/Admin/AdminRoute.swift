internal import HTTP
internal import JSON

/// What a path of the administration stands for.
enum AdminRoute: Sendable {
    case page(DashboardFiles.File)
    /// The dashboard's live figures.
    case events
    case metrics
    /// For whoever watches the process: whether it lives, or whether it can serve miners too.
    case probe(isReady: Bool)
    /// The description of the API.
    case description
    /// Reads something, with the query's parameters.
    case read(@Sendable (any AdminSource, HTTPRequest) async throws(AdminFailure) -> JSONValue)
    /// Reads what only those see who may also change.
    case inspect(@Sendable (any AdminSource, HTTPRequest) async throws(AdminFailure) -> JSONValue)
    /// Steers connections or the pool, with the members of the body's JSON object.
    case change(@Sendable (JSONValue) throws(AdminFailure) -> AdminAction)
    /// Changes anything else, and answers with what came of it.
    case act(@Sendable (any AdminSource, JSONValue) async throws(AdminFailure) -> JSONValue)

    /// Changes what its message is signed for: the signature is the permission, so it needs no token.
    case signed(@Sendable (any AdminSource, JSONValue) async throws(AdminFailure) -> JSONValue)

    /// Whether a request must be a POST.
    var isPost: Bool {
        switch self {
        case .change, .act, .signed: true
        case .page, .events, .metrics, .probe, .description, .read, .inspect: false
        }
    }

    /// Whether nobody needs a token: what watches a process has none, and learns nothing but that it lives.
    var isOpen: Bool {
        if case .probe = self { true } else { false }
    }

    /// Whether a request over TCP must carry the token.
    var isGuarded: Bool {
        switch self {
        case .inspect, .change, .act: true
        case .page, .events, .metrics, .probe, .description, .read, .signed: false
        }
    }
}
