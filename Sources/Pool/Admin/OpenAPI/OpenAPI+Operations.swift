extension OpenAPI {
    private static let limit = APIOperation.Parameter(name: "limit", type: "integer", summary: "how many, 1 to 10000")
    private static let chain = APIOperation.Parameter(name: "chain", type: "string", summary: "bitcoin, or an auxiliary chain's name")
    private static let account = APIOperation.Parameter(name: "account", type: "string", summary: "only this account's")

    private static func needed(_ name: String, _ type: String, _ summary: String) -> APIOperation.Parameter {
        APIOperation.Parameter(name: name, type: type, summary: summary, isRequired: true)
    }

    private static func get(
        _ path: String,
        _ summary: String,
        _ parameters: [APIOperation.Parameter] = [],
        _ answer: APIOperation.Answer
    ) -> APIOperation {
        APIOperation(method: .get, path: path, summary: summary, parameters: parameters, answer: answer)
    }

    private static func post(
        _ path: String,
        _ summary: String,
        _ parameters: [APIOperation.Parameter] = [],
        _ answer: APIOperation.Answer
    ) -> APIOperation {
        APIOperation(method: .post, path: path, summary: summary, parameters: parameters, answer: answer)
    }

    private static let miner = needed("miner", "string", "a connection's number, ACCOUNT or ACCOUNT.WORKER")
    private static let neededChain = needed("chain", "string", "bitcoin, or an auxiliary chain's name")
    private static let payout = needed("payout", "integer", "the payout's number")

    private static let windows: [APIOperation.Parameter] = [
        .init(name: "worker", type: "string", summary: "ACCOUNT.WORKER, or ACCOUNT for each of its workers"),
        .init(name: "account", type: "string", summary: "this account's workers together; everybody's without it and worker"),
        .init(name: "since", type: "integer", summary: "Unix seconds"),
        .init(name: "span", type: "integer", summary: "a window's seconds: 60, 3600 or 86400"),
        limit,
    ]

    static let operations = [
        get("/status", "the pool at a glance", .one("Status")),
        get("/events", "the dashboard's live figures: status, workers, blocks, auxiliary-blocks, rounds, trouble", .events),
        get("/miners", "the connections", .list("Miner")),
        get("/workers", "the workers and what they did", [account], .list("Worker")),
        get("/blocks", "the blocks found, newest first", [account, limit], .list("Block")),
        get("/aux", "the auxiliary chains", .list("Auxiliary")),
        get("/aux/blocks", "the blocks found on auxiliary chains, newest first", [account, limit], .list("AuxiliaryBlock")),
        get("/aux/forks", "where the parent chain's hashpower builds in RSK", .object),
        get("/rounds", "the closed rounds, newest first", [chain, limit], .list("Round")),
        get("/balances", "what accounts have on each chain", [account], .list("Balance")),
        get("/accounts", "the accounts, their addresses on other chains and their fees", .list("Account")),
        get("/shares", "accepted and refused shares by windows of time, newest first", windows, .list("ShareWindow")),
        get("/shares/archive", "the same of windows that went to the archive; needs the token", windows, .list("ShareWindow")),
        get(
            "/audit/round",
            "the proof that a round counted an account",
            [needed("round", "integer", "its number"), needed("account", "string", "whose row"), chain],
            .object
        ),
        get("/work", "how far an audit or a backup is", [needed("id", "integer", "the number it was given")], .one("Work")),
        get("/bans", "the addresses that no connection is taken from; needs the token", .list("Ban")),
        get("/payouts/status", "the payouts and their transactions, newest first", [chain, limit], .list("Payout")),
        get("/payouts/plan", "who would be paid next", [chain], .list("PayoutPlan")),

        post("/kick", "closes connections", [miner], .one("Reached")),
        post(
            "/difficulty",
            "fixes the share difficulty of connections",
            [miner, needed("difficulty", "number", "above 0")],
            .one("Reached")
        ),
        post("/message", "shows a text on miners that can show one", [miner, needed("text", "string", "1 to 500 bytes")], .one("Reached")),
        post("/log", "changes how much is logged", [needed("level", "string", "debug, info, warning or error")], .object),
        post(
            "/ban",
            "closes an address's connections and takes no more from it",
            [
                needed("address", "string", "in numbers, without a port"),
                .init(name: "seconds", type: "integer", summary: "for how long; until the next start without it"),
            ],
            .object
        ),
        post("/unban", "takes connections from an address again", [needed("address", "string", "in numbers, without a port")], .object),
        post("/reload", "reads the configuration file anew and applies what can change while running", .list("ConfigurationChange")),
        post(
            "/upgrade",
            "has another program go on with the miners, and answers when it does",
            [.init(name: "program", type: "string", summary: "an absolute path; the running program as it is on the disk now, without it")],
            .one("Upgrade")
        ),
        post(
            "/drain",
            "takes no new connections and asks the others to connect again, which moves miners to their next pool",
            [
                .init(name: "seconds", type: "integer", summary: "over how long, 0 to 3600; 60 without it"),
                .init(name: "cancel", type: "boolean", summary: "true takes connections again"),
            ],
            .one("Reached")
        ),
        post("/stop", "stops the pool in order", .one("Reached")),
        post(
            "/accounts/set",
            "gives an account an address on an auxiliary chain, or a fee of its own",
            [
                needed("account", "string", "whose"), neededChain, .init(name: "address", type: "string", summary: "where it is paid"),
                .init(name: "fee", type: "number", summary: "0 to 1; null gives it the chain's again"),
            ],
            .object
        ),
        post(
            "/accounts/address",
            "gives an account an address on an auxiliary chain, signed by its own; needs no token (docs/accounting.md)",
            [
                needed("account", "string", "whose"), neededChain, needed("address", "string", "where it is paid"),
                needed("time", "integer", "when it was signed, Unix seconds"), needed("signature", "string", "base64, BIP137"),
            ],
            .object
        ),
        post("/audit/ledger", "begins to recompute every booking and every balance", .one("Work")),
        post("/backup", "begins to copy the ledger", [needed("path", "string", "an absolute path on the pool's machine")], .one("Work")),
        post("/payouts/send", "pays every account that is due", [neededChain], .list("Payout")),
        post("/payouts/outside", "fixes who is paid outside the pool", [neededChain], .one("Payout")),
        post(
            "/payouts/settle",
            "books what was paid outside the pool",
            [neededChain, needed("txid", "string", "the transaction that paid it")],
            .one("Payout")
        ),
        post("/payouts/cancel", "gives back the money of a payout that has no transaction", [payout], .object),
        post(
            "/payouts/bump",
            "replaces a payout's transaction by one at a higher price",
            [payout, .init(name: "feeRate", type: "number", summary: "satoshi per virtual byte")],
            .one("Payout")
        ),
    ]

    private static func get(_ path: String, _ summary: String, _ answer: APIOperation.Answer) -> APIOperation { get(path, summary, [], answer) }
    private static func post(_ path: String, _ summary: String, _ answer: APIOperation.Answer) -> APIOperation { post(path, summary, [], answer) }
}
