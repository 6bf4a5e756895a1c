internal import JSON

extension PoolctlProgram {
    /// Pays whoever is due, and shows what was sent.
    func send(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws {
        let chain = parsed.options["chain"] ?? AdminRouter.parentChain
        let sent = try await pool.change("payouts/send", ["chain": .string(chain)])
        let text =
            parsed.has("json") ? sent.text(pretty: true) + "\n" : PoolctlView("payouts status").text(sent, hasColour: wantsColour, now: Units.now)
        write(text, .output)
    }

    /// Has the pool set the money aside, and writes who gets it.
    func planOutside(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws {
        guard let chain = parsed.options["chain"], let path = try parsed.path("csv") else { throw UsageError("--csv needs --chain NAME") }
        let payout = try await pool.change("payouts/outside", ["chain": .string(chain)])
        let rows = payout["rows"]?.array ?? []
        do {
            try DurableFile.replace(path, with: Array(PayoutFile.text(rows).utf8))
        } catch {
            throw UsageError("--csv: \(path): \(error)")
        }
        if parsed.has("json") { return write(payout.text(pretty: true) + "\n", .output) }
        write(
            """
            \(path): \(PoolctlView.accounts(rows.count)) \(payout.coins("amount")); the money is set aside as payout \(payout.number("id"))
            when it is paid: poolctl payouts settle --chain \(chain) --txid T; to give it back: poolctl payouts cancel \(payout.number("id"))

            """,
            .output
        )
    }
}

/// The file by which somebody pays outside the pool: account, address, amount in the chain's smallest unit.
enum PayoutFile {
    static func text(_ rows: [JSONValue]) -> String {
        let lines = rows.map { row in
            [field(row["account"]?.string ?? ""), field(row["address"]?.string ?? ""), row["amount"]?.units.map { String($0) } ?? ""].joined(
                separator: ","
            )
        }
        return (["account,address,amount"] + lines).map { $0 + "\n" }.joined()
    }

    /// RFC 4180: text that could be mistaken stands in quotes.
    private static func field(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            let letter = byte | 0x20
            return letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x3A
        }
        return isPlain ? text : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
