/// What `poolctl` can be asked.
enum PoolctlCommand {
    static let table = CommandTable(
        name: "poolctl",
        summary: "watches and steers a running Motherlode pool",
        options: [
            OptionRow("socket", value: "PATH", excludes: ["url"], "the pool's Unix socket"),
            OptionRow("url", value: "URL", excludes: ["socket"], "the pool's admin address, for example http://127.0.0.1:8080"),
            OptionRow("token-file", value: "FILE", "the file of the token that --url needs for changes"),
            OptionRow("json", "print JSON, with names that stay"),
            OptionRow("watch", "print again every two seconds"),
        ],
        commands: [
            CommandRow(name: "status", summary: "the pool at a glance"),
            CommandRow(
                name: "ready",
                summary: "asks whether miners would get work and their shares are stored",
                details: "Says what is missing. Exit codes: 0 it is ready, 1 it is not, or cannot be reached."
            ),
            CommandRow(
                name: "top",
                summary: "a live screen: hashrate, chains and workers",
                details:
                    "Keys: h a r d b l n sort (again turns it round), / filters by name, arrows scroll, Space holds the picture, ? help, q quits."
            ),
            CommandRow(name: "miners", summary: "the connections"),
            CommandRow(
                name: "workers",
                summary: "the workers and what they did",
                options: [account]
            ),
            CommandRow(
                name: "blocks",
                summary: "the blocks found, newest first",
                options: [account, limit]
            ),
            CommandRow(name: "aux", summary: "the auxiliary chains"),
            CommandRow(
                name: "aux blocks",
                summary: "the blocks found on auxiliary chains, newest first",
                options: [account, limit]
            ),
            CommandRow(
                name: "aux forks",
                summary: "whom the parent chain's hashpower builds on in RSK",
                options: [OptionRow("replay", value: "FILE", "judge recorded coinbases instead; needs no running pool")],
                details: ForkReplayCommand.details
            ),
            CommandRow(
                name: "proof verify",
                summary: "judges a merged-mining proof; needs no running pool",
                operands: ["FILE"],
                details: "FILE holds a JSON object of a proof, - reads it from standard input. Exit codes: 0 valid, 1 not valid, 2 unreadable."
            ),
            CommandRow(
                name: "rounds",
                summary: "the closed rounds, newest first, with the roots of their rows",
                options: [chain, limit]
            ),
            CommandRow(
                name: "balances",
                summary: "what accounts have on each chain",
                options: [account]
            ),
            CommandRow(name: "accounts", summary: "the accounts, their addresses on other chains and their fees"),
            CommandRow(
                name: "accounts set",
                summary: "gives an account an address on an auxiliary chain, or a fee of its own",
                options: [
                    OptionRow("address", value: "CHAIN=ADDR", excludes: ["fee"], "where its credits on the chain are paid"),
                    OptionRow("fee", value: "CHAIN=F", excludes: ["address"], "its fee, 0 to 1; CHAIN= gives it the chain's again"),
                ],
                operands: ["ACCOUNT"]
            ),
            CommandRow(
                name: "shares",
                summary: "accepted and refused shares by the minute, hour or day, newest first",
                options: [
                    OptionRow("worker", value: "W", "ACCOUNT.WORKER, or ACCOUNT for each of its workers; all together without it"),
                    OptionRow("since", value: "T", "30m, 6h, 2d ago, or Unix seconds; an hour ago without it"),
                    OptionRow("by", value: "SPAN", "minute, hour or day; by the length of --since without it"),
                    OptionRow("archive", "windows that left the ledger with age, which the archive has; by the minute without --by"),
                    limit,
                ]
            ),
            CommandRow(
                name: "audit ledger",
                summary: "recomputes every booking and every balance",
                details: "Names the first difference. Exit codes: 0 the books are right, 1 they are not."
            ),
            CommandRow(
                name: "audit round",
                summary: "proves that a round counted an account",
                options: [
                    OptionRow("account", value: "A", isRequired: true, "whose row"),
                    chain,
                    OptionRow("output", value: "FILE", "write the proof there instead of printing it"),
                ],
                operands: ["N"],
                details: "N is the round's number in poolctl rounds. Anyone can check the proof with: poolctl audit verify FILE"
            ),
            CommandRow(
                name: "audit verify",
                summary: "checks such a proof; needs no running pool",
                options: [OptionRow("root", value: "HEX", "the root that the pool published for the round")],
                operands: ["FILE"],
                details: "- reads standard input. Exit codes: 0 valid, 1 not valid, 2 unreadable."
            ),
            CommandRow(
                name: "backup",
                summary: "copies the ledger into a new file while the pool runs",
                operands: ["FILE"],
                details: "The copy holds all up to the moment it begins. To use it, name it in accounting.store."
            ),
            CommandRow(
                name: "payouts plan",
                summary: "who would be paid next; with --csv, fixes who is paid outside the pool",
                options: [chain, OptionRow("csv", value: "FILE", "set the money aside and write the file that pays it; needs --chain")],
                details: "With --csv the same rows are written again until payouts settle or payouts cancel ends them."
            ),
            CommandRow(name: "payouts send", summary: "pays every account that is due, by the node's wallet", options: [chain]),
            CommandRow(
                name: "payouts status",
                summary: "the payouts and their transactions, newest first",
                options: [chain, limit]
            ),
            CommandRow(
                name: "payouts settle",
                summary: "books what was paid outside the pool",
                options: [
                    OptionRow("chain", value: "NAME", isRequired: true, "of which chain"),
                    OptionRow("txid", value: "T", isRequired: true, "the transaction that paid it"),
                ]
            ),
            CommandRow(
                name: "payouts bump",
                summary: "replaces a payout's transaction by one at a higher price",
                options: [OptionRow("fee-rate", value: "R", "satoshi per virtual byte; the node decides without it")],
                operands: ["ID"],
                details: "It spends the same coins, so that only one of them can confirm."
            ),
            CommandRow(name: "payouts cancel", summary: "gives back the money of a payout that has no transaction", operands: ["ID"]),
            CommandRow(name: "kick", summary: "closes connections", operands: ["MINER"], details: miner),
            CommandRow(name: "difficulty", summary: "fixes the share difficulty of connections", operands: ["MINER", "D"], details: miner),
            CommandRow(name: "message", summary: "shows a text on miners that can show one", operands: ["MINER", "TEXT"], details: miner),
            CommandRow(
                name: "log",
                summary: "sets how much the pool logs, until its next start",
                operands: ["LEVEL"],
                details: "LEVEL is debug, info, warning or error."
            ),
            CommandRow(
                name: "ban",
                summary: "closes an address's connections and takes no more from it",
                options: [OptionRow("for", value: "T", "30m, 6h, 2d; until the pool's next start without it")],
                operands: ["ADDRESS"],
                details: "Of an IPv6 address it bans the network of 64 bits."
            ),
            CommandRow(name: "unban", summary: "lets an address connect again", operands: ["ADDRESS"]),
            CommandRow(name: "bans", summary: "the addresses that may not connect"),
            CommandRow(
                name: "reload",
                summary: "reads the configuration file anew and applies what can change while the pool runs",
                details:
                    "Says of each changed key what became of it. When anything in the file cannot stand, nothing is applied. SIGHUP does the same."
            ),
            CommandRow(
                name: "upgrade",
                summary: "has a new poold go on with the miners, who notice a short pause",
                optionalOperand: "BINARY",
                details: """
                    Without BINARY it is the program that runs, as it is on the disk now. It reads the configuration anew. If it is not ready
                    within 30 seconds the pool goes on as it was. TLS connections are asked to connect again, spread over a minute.
                    """
            ),
            CommandRow(
                name: "drain",
                summary: "moves the miners to the next pools in their lists, and says how many are left",
                options: [
                    OptionRow("over", value: "SECONDS", excludes: ["cancel"], "how long to take for it, 0 to 3600; 60 without it"),
                    OptionRow("stop", excludes: ["cancel"], "stop the pool when it is over"),
                    OptionRow("cancel", "take connections again"),
                ],
                details: """
                    Connections that come are closed at once; those that are there are asked to connect again (client.reconnect), spread over the
                    time. It waits for them, at most ten seconds longer. Miners that do not follow stay, and mine on.
                    """
            ),
            CommandRow(name: "stop", summary: "stops the pool in order"),
        ] + CommandDocument.rows,
        closing: """
            Without --socket or --url it takes the socket in $MOTHERLODE_SOCKET, or else the first there is of ./poold.sock,
            /run/motherlode/poold.sock, /var/lib/motherlode/poold.sock, and that of your newest poold dev.
            Exit codes: 0 done, 1 the pool cannot be reached or refuses, 2 unusable arguments. NO_COLOR turns colours off.
            """
    )

    private static let account = OptionRow("account", value: "A", "only this account's")

    private static let limit = OptionRow("limit", value: "N", "how many, 1 to 10000")

    private static let chain = OptionRow("chain", value: "NAME", "bitcoin, or an auxiliary chain's name")

    private static let miner = "MINER is a connection's number (see poolctl miners), ACCOUNT, or ACCOUNT.WORKER."
}
