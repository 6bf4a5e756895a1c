/// One way to be no miner.
enum AttackKind: String, CaseIterable, Sendable {
    /// Random bytes with line feeds among them.
    case garbage
    /// A handshake byte by byte, one in a twentieth of a second.
    case slowWriter
    /// Authorizes, asks and asks, and reads nothing of the answers.
    case slowReader
    /// Connects and says nothing.
    case halfOpen
    /// Subscribes with a made-up session id, over and over.
    case resumeGuess
    /// One good share, and then the same one without end.
    case duplicates
    /// Shares that are wrong in every way there is.
    case invalidShares
    /// A line that does not end.
    case giantLine
    /// Broken PROXY headers and TLS records, random bytes behind them.
    case disguise
    /// Connects and leaves: with a reset, with half a line, with a whole handshake.
    case churn
    /// Authorizes, and wishes for another difficulty with every line.
    case wishes
    /// Authorizes, and says what asks for nothing, as fast as it may.
    case chatter
    /// Authorizes names that it makes up, some hundred at a time, and leaves.
    case inventedNames

    /// Whether it logs in as a miner does.
    var authorizes: Bool {
        switch self {
        case .slowReader, .duplicates, .invalidShares, .wishes, .chatter: true
        case .garbage, .slowWriter, .halfOpen, .resumeGuess, .giantLine, .disguise, .churn, .inventedNames: false
        }
    }

    var title: String {
        switch self {
        case .garbage: "garbage"
        case .slowWriter: "slow writers"
        case .slowReader: "slow readers"
        case .halfOpen: "half-open"
        case .resumeGuess: "guessed session ids"
        case .duplicates: "duplicates"
        case .invalidShares: "invalid shares"
        case .giantLine: "endless lines"
        case .disguise: "PROXY and TLS garbage"
        case .churn: "connect and leave"
        case .wishes: "wishes for difficulties"
        case .chatter: "chatter"
        case .inventedNames: "invented names"
        }
    }
}
