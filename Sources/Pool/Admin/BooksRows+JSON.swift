internal import JSON

// The stable names of the ledger's rows.

extension JSONValue {
    /// An amount or a weight: a number where 64 bits hold it, else its decimal digits as text. Wei and the weights of mainnet do not fit.
    static func units(_ value: some BinaryInteger) -> JSONValue { Int64(exactly: value).map(JSONValue.integer) ?? .string(String(value)) }

    /// What ``units(_:)`` wrote.
    var units: Int128? {
        switch self {
        case .integer(let value): Int128(value)
        case .string(let digits): Int128(digits)
        default: nil
        }
    }
}

extension RoundRow {
    var json: JSONValue {
        [
            "chain": .string(chain),
            "round": JSONValue(round),
            "from": JSONValue(from),
            "to": JSONValue(to),
            "weight": .units(weight),
            "effort": .real(effort),
            "root": .string(root),
            "scheme": .string(scheme),
            "state": .string(state),
            "reward": .units(reward),
            "height": .optional(height),
            "block": .optional(block),
            "decimals": JSONValue(decimals),
        ]
    }
}

extension BalanceRow {
    var json: JSONValue {
        [
            "account": .string(account),
            "chain": .string(chain),
            "immature": .units(immature),
            "payable": .units(payable),
            "sending": .units(sending),
            "paid": .units(paid),
            "address": .optional(address),
            "decimals": JSONValue(decimals),
        ]
    }
}

extension AccountRow {
    var json: JSONValue {
        [
            "account": .string(account),
            "since": JSONValue(since),
            "workers": JSONValue(workers),
            "addresses": .object(JSONObject(addresses.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "fees": .object(JSONObject(fees.sorted { $0.key < $1.key }.map { ($0.key, .real($0.value)) })),
        ]
    }
}

extension ShareWindowRow {
    var json: JSONValue {
        [
            "start": JSONValue(start),
            "span": JSONValue(span),
            "account": .string(account),
            "worker": .string(worker),
            "accepted": JSONValue(accepted),
            "weight": .units(weight),
            "acceptedDifficulty": .real(acceptedDifficulty),
            "rejected": .counts(rejected),
        ]
    }
}
