public import Hashing

/// What `poold` was asked to do.
public enum PooldCommand: Sendable {
    /// A pool with its own chains and its own miner, in one process.
    case dev(DevOptions)
    /// A pool by a configuration file.
    case run(configuration: String)
    /// The doctor.
    case check(configuration: String)
    /// The commented example, or the guide to all keys.
    case config(asGuide: Bool)
    case version
    /// Text that was asked for; printed as it is.
    case help(String)
}

/// `poold dev`'s flags; nil where one is not given.
public struct DevOptions: Sendable {
    /// Who mines.
    public enum Miner: Sendable, Equatable {
        /// As many threads as suit the machine.
        case automatic
        case threads(Int)
        case none
    }

    /// End with 0 after so many accepted parent blocks.
    public var blocks: Int?
    /// End with 0 after so many accepted blocks on each auxiliary chain and at least one on the parent.
    public var auxBlocks: Int?
    /// End with 0 after so long.
    public var seconds: Double?
    public var miner = Miner.automatic
    public var stratum: ListenAddress?
    public var admin: ListenAddress?
    public var gateway: ListenAddress?
    /// Keeps state between runs; a temporary folder where nil.
    public var data: String?
    public var parentBits: CompactBits?
    /// Fixed for every connection, without variable difficulty.
    public var shareDifficulty: Double?

    public init() {}
}

extension PooldCommand {
    static let table = CommandTable(
        name: "poold",
        summary: "a Bitcoin mining pool server",
        commands: [
            CommandRow(
                name: "dev",
                summary: "runs a pool with a chain and a miner of its own: nothing else is needed",
                options: [
                    OptionRow("blocks", value: "N", "end after N accepted blocks of the parent chain"),
                    OptionRow(
                        "aux-blocks",
                        value: "N",
                        "end after N accepted blocks on each auxiliary chain and one on the parent chain"
                    ),
                    OptionRow("seconds", value: "N", "end after N seconds"),
                    OptionRow("miner-threads", value: "N", excludes: ["no-miner"], "how many threads the built-in miner uses"),
                    OptionRow("no-miner", excludes: ["miner-threads"], "run without the built-in miner"),
                    OptionRow("stratum", value: "HOST:PORT", "where miners connect; port 0 picks a free one"),
                    OptionRow("admin", value: "HOST:PORT", "where the web page and the HTTP API are served"),
                    OptionRow("gateway", value: "HOST:PORT", "where other pools' software finds merged mining"),
                    OptionRow("data", value: "DIR", "keep the pool's state there; otherwise it goes with the process"),
                    OptionRow("parent-bits", value: "HEX", "the parent chain's target as nBits, for example 1d00ffff"),
                    OptionRow(
                        "share-difficulty",
                        value: "D",
                        "one share difficulty for every connection, any number above 0; auxiliary chains below it starve"
                    ),
                ],
                details: """
                    Without flags the difficulties follow the miner's measured speed: a block about every 5 seconds, about 2 shares a second.
                    On a terminal it shows a live screen; otherwise a line when it is ready, then one for each block.
                    """
            ),
            CommandRow(name: "run", summary: "runs a pool by its configuration file", options: [configuration]),
            CommandRow(
                name: "check",
                summary: "tries everything that a configuration names, before any miner sees it",
                options: [configuration],
                details: "Prints one line for each check, with a remedy where it failed. Ends with 1 if one did."
            ),
            CommandRow(
                name: "config",
                summary: "prints a commented example configuration with every key",
                options: [OptionRow("guide", "print the reference of all keys instead, in Markdown")]
            ),
            CommandRow(name: "version", summary: "prints the version"),
        ] + CommandDocument.rows,
        closing: "Exit codes: 0 done, 1 failed while running, 2 unusable arguments or configuration."
    )

    private static let configuration = OptionRow("config", value: "FILE", isRequired: true, "the configuration file")

    /// Reads the arguments behind the program's name.
    public static func parse(_ arguments: [String]) throws(UsageError) -> PooldCommand {
        if arguments == ["--version"] { return .version }
        switch try table.parse(arguments) {
        case .help(let text): return .help(text)
        case .arguments(let parsed):
            if let text = try CommandDocument.text(parsed, of: table) { return .help(text) }
            switch parsed.command.name {
            case "dev": return .dev(try devOptions(parsed))
            case "run": return .run(configuration: try parsed.path("config") ?? "")
            case "check": return .check(configuration: try parsed.path("config") ?? "")
            case "config": return .config(asGuide: parsed.has("guide"))
            default: return .version
            }
        }
    }

    private static func devOptions(_ parsed: ParsedArguments) throws(UsageError) -> DevOptions {
        var options = DevOptions()
        options.blocks = try parsed.integer("blocks", 1...Int.max)
        options.auxBlocks = try parsed.integer("aux-blocks", 1...Int.max)
        options.seconds = try parsed.positiveNumber("seconds")
        if parsed.has("no-miner") { options.miner = .none }
        if let threads = try parsed.integer("miner-threads", 1...1024) { options.miner = .threads(threads) }
        options.stratum = try parsed.listenAddress("stratum")
        options.admin = try parsed.listenAddress("admin")
        options.gateway = try parsed.listenAddress("gateway")
        options.data = try parsed.path("data")
        options.parentBits = try parentBits(parsed)
        options.shareDifficulty = try parsed.positiveNumber("share-difficulty")
        return options
    }

    private static func parentBits(_ parsed: ParsedArguments) throws(UsageError) -> CompactBits? {
        guard let text = parsed.options["parent-bits"] else { return nil }
        guard let bits = CompactBits(hex: text.hasPrefix("0x") ? text.dropFirst(2) : text[...]), Target(bits: bits) != nil
        else { throw parsed.refused("parent-bits", text, "8 hexadecimal digits that stand for a target, for example 1d00ffff or 207fffff") }
        return bits
    }
}
