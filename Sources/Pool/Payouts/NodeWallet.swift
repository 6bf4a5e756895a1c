import Accounting
import Bitcoin
import Hashing
import JSON

/// A wallet of Bitcoin Core or a descendant, version 24 or later, by its RPC.
struct NodeWallet: PayoutWallet {
    /// At the wallet's own address, where the node has several.
    let client: NodeClient
    /// Whether the network's fee comes out of the rows' amounts.
    let accountsBearFee: Bool

    func scripts(of addresses: [String]) async throws(PayoutFailure) -> [String: Script] {
        var scripts: [String: Script] = [:]
        for address in addresses {
            let answer = try await ask("validateaddress", [.string(address)])
            guard answer["isvalid"]?.bool == true else { continue }
            guard let bytes = answer["scriptPubKey"]?.string.flatMap({ Hex.decode($0) }) else {
                throw .node(.malformed("validateaddress: scriptPubKey is missing"))
            }
            scripts[address] = Script(bytes)
        }
        return scripts
    }

    func sign(_ rows: [PayoutRow], spending coins: [OutPoint], feeRate: Double?) async throws(PayoutFailure) -> SignedPayment {
        // An array keeps the order, and amounts are text: no number passes through floating point.
        let outputs = JSONValue.array(rows.map { [$0.address: .string(CoinAmount.text($0.amount))] })
        let blank = try text(await ask("createrawtransaction", [.array(coins.map(\.json)), outputs]), "createrawtransaction")
        var options: JSONObject = [
            "changePosition": JSONValue(rows.count), "replaceable": true, "include_unsafe": false, "add_inputs": true,
            // A payout that spends the change of another would hang on that one's fate.
            "minconf": 1,
        ]
        if let feeRate { options["fee_rate"] = .real(feeRate) }
        if accountsBearFee { options["subtractFeeFromOutputs"] = .array(rows.indices.map { JSONValue($0) }) }
        let funded = try await ask("fundrawtransaction", [.string(blank), .object(options)])
        guard let fee = funded["fee"]?.double.flatMap(CoinAmount.units) else { throw .wrongTransaction("its fee is not told") }
        let signed = try await ask("signrawtransactionwithwallet", [.string(try text(funded["hex"], "fundrawtransaction"))])
        guard signed["complete"]?.bool == true else {
            throw .wallet("it cannot sign with its keys", remedy: "give the pool's node a wallet that holds the keys of its coinbase address")
        }
        guard let bytes = Hex.decode(try text(signed["hex"], "signrawtransactionwithwallet")) else {
            throw .node(.malformed("signrawtransactionwithwallet: hex is not hexadecimal"))
        }
        return SignedPayment(bytes: bytes, transaction: try parsed(bytes), fee: fee)
    }

    func lock(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        for input in try parsed(transaction.bytes).inputs {
            do throws(PayoutFailure) {
                // The third parameter: the lock outlives a restart of the node.
                _ = try await ask("lockunspent", [false, [input.previousOutput.json], true])
            } catch .node(.rpc(-8, _)) {
                // Locked before, or spent: by this transaction, or the network will say so.
            }
        }
    }

    func broadcast(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        do throws(PayoutFailure) {
            // The second parameter: whatever the fee; it was the wallet's own choice.
            _ = try await ask("sendrawtransaction", [.string(Hex.encode(transaction.bytes)), 0])
        } catch .node(.rpc(-27, _)) {
            // In a block already.
        } catch .node(.rpc(let code, let words)) where code == -25 || code == -26 {
            throw .refused(words)
        }
    }

    func standing(of transactions: [PayoutTransaction]) async throws(PayoutFailure) -> PaymentStanding {
        var coins: Set<OutPoint> = []
        var isKnown = false
        for transaction in transactions {
            coins.formUnion(try parsed(transaction.bytes).inputs.map(\.previousOutput))
            guard let found = try await find(transaction.txid) else { continue }
            if found.confirmations > 0 { return .mined(found) }
            if found.confirmations == 0, try await isInMempool(transaction.txid) { isKnown = true }
        }
        // The wallet knows whatever spends its coins.
        for txid in try await latestSpending() {
            guard let found = try await find(txid), found.confirmations > 0 else { continue }
            if found.transaction.inputs.contains(where: { coins.contains($0.previousOutput) }) { return .mined(found) }
        }
        return .waiting(isKnown: isKnown)
    }
}

extension NodeWallet {
    private func find(_ txid: String) async throws(PayoutFailure) -> SpendingTransaction? {
        let found: JSONValue
        do throws(PayoutFailure) {
            found = try await ask("gettransaction", [.string(txid)])
        } catch .node(.rpc(-5, _)) {
            return nil
        }
        guard let confirmations = found["confirmations"]?.integer, let bytes = found["hex"]?.string.flatMap({ Hex.decode($0) }) else {
            throw .node(.malformed("gettransaction: confirmations or hex is missing"))
        }
        return SpendingTransaction(
            txid: txid,
            confirmations: confirmations,
            transaction: try parsed(bytes),
            fee: found["fee"]?.double.flatMap(CoinAmount.units)
        )
    }

    private func isInMempool(_ txid: String) async throws(PayoutFailure) -> Bool {
        do throws(PayoutFailure) {
            _ = try await ask("getmempoolentry", [.string(txid)])
            return true
        } catch .node(.rpc(-5, _)) {
            return false
        }
    }

    /// Transactions by which the wallet last spent, newest first.
    private func latestSpending() async throws(PayoutFailure) -> [String] {
        let listed = try await ask("listtransactions", ["*", 2000])
        var seen: Set<String> = []
        return (listed.array ?? []).reversed().compactMap { row in
            guard row["category"]?.string == "send", row["confirmations"]?.integer ?? 0 > 0, let txid = row["txid"]?.string else { return nil }
            return seen.insert(txid).inserted ? txid : nil
        }
    }

    private func parsed(_ bytes: [UInt8]) throws(PayoutFailure) -> Transaction {
        do {
            return try Transaction(parsing: bytes)
        } catch {
            throw .wrongTransaction("\(error)")
        }
    }

    private func text(_ value: JSONValue?, _ method: String) throws(PayoutFailure) -> String {
        guard let text = value?.string else { throw .node(.malformed("\(method): no text where one must be")) }
        return text
    }

    private func ask(_ method: String, _ params: [JSONValue]) async throws(PayoutFailure) -> JSONValue {
        do {
            return try await client.call(method, params, timeout: .seconds(60))
        } catch .rpc(let code, let words) {
            switch code {
            case -6: throw .wallet(words, remedy: "see that the coinbase pays to this wallet and that its rewards are mature")
            case -13: throw .wallet(words, remedy: "unlock it: bitcoin-cli walletpassphrase")
            case -18, -19: throw .wallet(words, remedy: "load the wallet, and name it in payouts.wallets")
            case -4: throw .wallet(words, remedy: "see the node's log")
            default: throw .node(.rpc(code: code, words))
            }
        } catch {
            throw .node(error)
        }
    }
}

extension OutPoint {
    /// As nodes name a coin.
    fileprivate var json: JSONValue { ["txid": .string(txid.displayHex), "vout": JSONValue(index)] }
}
