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
            CommandRow(name: "miners", summary: "the connections"),
            CommandRow(
                name: "workers",
                summary: "the workers and what they did",
                options: [OptionRow("account", value: "A", "only this account's")]
            ),
            CommandRow(
                name: "blocks",
                summary: "the blocks found, newest first",
                options: [OptionRow("limit", value: "N", "how many, 1 to 10000")]
            ),
            CommandRow(name: "aux", summary: "the auxiliary chains"),
            CommandRow(
                name: "aux blocks",
                summary: "the blocks found on auxiliary chains, newest first",
                options: [OptionRow("limit", value: "N", "how many, 1 to 10000")]
            ),
            CommandRow(
                name: "proof verify",
                summary: "judges a merged-mining proof; needs no running pool",
                operands: ["FILE"],
                details: "FILE holds a JSON object of a proof, - reads it from standard input. Exit codes: 0 valid, 1 not valid, 2 unreadable."
            ),
            CommandRow(name: "kick", summary: "closes connections", operands: ["MINER"], details: miner),
            CommandRow(name: "difficulty", summary: "fixes the share difficulty of connections", operands: ["MINER", "D"], details: miner),
            CommandRow(name: "message", summary: "shows a text on miners that can show one", operands: ["MINER", "TEXT"], details: miner),
            CommandRow(name: "stop", summary: "stops the pool in order"),
        ],
        closing: """
            Without --socket or --url it takes the socket in $MOTHERLODE_SOCKET, or else the first there is of ./poold.sock,
            /run/motherlode/poold.sock, /var/lib/motherlode/poold.sock, and that of your newest poold dev.
            Exit codes: 0 done, 1 the pool cannot be reached or refuses, 2 unusable arguments. NO_COLOR turns colours off.
            """
    )

    private static let miner = "MINER is a connection's number (see poolctl miners), ACCOUNT, or ACCOUNT.WORKER."
}
