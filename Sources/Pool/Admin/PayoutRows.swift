import Accounting
internal import JSON

/// A payout, as it is shown. Amounts are in the chain's smallest unit.
public struct PayoutView: Sendable {
    var payout: Payout
    /// Why it does not go on.
    var trouble: String?
    /// Of the chain's coin.
    var decimals: Int

    /// - Parameter hasRows: whether its rows are shown too.
    func json(hasRows: Bool) -> JSONValue {
        var value: JSONObject = [
            "id": JSONValue(payout.id),
            "chain": .string(payout.chain),
            "state": .string(payout.state.rawValue),
            "accounts": JSONValue(payout.rows.count),
            "amount": .units(payout.amount),
            "fee": payout.transaction.map { .units($0.fee) } ?? .null,
            "txid": payout.transaction.map { .string($0.txid) } ?? .null,
            "created": JSONValue(payout.created / 1000),
            "changed": JSONValue(payout.changed / 1000),
            "trouble": .optional(trouble),
            "decimals": JSONValue(decimals),
        ]
        if hasRows {
            value["transactions"] = .array(
                payout.transactions.map { ["txid": .string($0.txid), "fee": .units($0.fee), "state": .string($0.state.rawValue)] }
            )
            value["rows"] = .array(payout.rows.map(\.json))
        }
        return .object(value)
    }
}

extension PayoutRow {
    var json: JSONValue {
        [
            "account": .string(account), "address": .string(address), "amount": .units(amount), "fee": .units(fee),
            "state": .string(state.rawValue),
        ]
    }
}

/// What the next payout of a chain would be.
public struct PayoutPlanView: Sendable {
    var chain: String
    /// Whether the pool can send it itself.
    var hasWallet: Bool
    var minimum: UInt128
    /// Of the chain's coin.
    var decimals: Int
    var plan: PayoutPlan

    var json: JSONValue {
        [
            "chain": .string(chain),
            "hasWallet": .bool(hasWallet),
            "minimum": .units(minimum),
            "amount": .units(plan.amount),
            "rows": .array(plan.rows.map { ["account": .string($0.account), "address": .string($0.address), "amount": .units($0.amount)] }),
            "withoutAddress": .array(plan.homeless.map { ["account": .string($0.account), "amount": .units($0.amount)] }),
            "waiting": JSONValue(plan.waiting),
            "decimals": JSONValue(decimals),
        ]
    }
}
