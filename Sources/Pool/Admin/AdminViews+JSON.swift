internal import JSON

// The stable names of the JSON that `poolctl --json` prints and `/api/v1` answers.

extension JSONValue {
    /// The value, or null.
    static func optional(_ value: Int?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    static func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.real) ?? .null }
    static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// Counts by name, the largest first so that people see what matters.
    static func counts(_ counts: [String: Int]) -> JSONValue {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return .object(JSONObject(sorted.map { ($0.key, JSONValue($0.value)) }))
    }

    static func hashrates(_ figures: [HashrateFigure]) -> JSONValue {
        .object(JSONObject(figures.map { ($0.span, .real($0.hashesPerSecond)) }))
    }
}

extension PoolStatus {
    var json: JSONValue {
        [
            "version": .string(version),
            "uptime": JSONValue(uptime),
            "chain": .string(chain),
            "height": .optional(height),
            "connections": JSONValue(connections),
            "draining": .bool(isDraining),
            "workers": JSONValue(workers),
            "hashrate": .hashrates(hashrate),
            "accepted": JSONValue(accepted),
            "rejected": .counts(rejected),
            "blocks": .optional(blocks),
            "networkDifficulty": .optional(networkDifficulty),
            "expectedSeconds": .optional(expectedSeconds),
            "effort": .optional(effort),
            "luck": .optional(luck),
            "bestShare": .optional(bestShare),
            "ledger": [
                "durability": .string(ledger.durability), "pending": JSONValue(ledger.pending), "failure": .optional(ledger.failure),
                "trouble": .optional(ledger.trouble),
            ],
            "pay": .array(pay.map(\.json)),
            "engine": .string(engine),
            "nodes": .array(nodes.map(\.json)),
            "auxiliaries": .array(auxiliaries.map(\.json)),
        ]
    }
}

extension PayView {
    var json: JSONValue {
        [
            "chain": .string(chain),
            "scheme": .string(scheme),
            "reward": reward.map { .units($0) } ?? .null,
            "fees": .units(fees),
            "waiting": .bool(isWaiting),
            "decimals": JSONValue(decimals),
        ]
    }
}

extension NodeView {
    var json: JSONValue {
        [
            "url": .string(url),
            "state": .string(state),
            "height": .optional(height),
            "active": .bool(active),
            "lastError": .optional(lastError),
        ]
    }
}

extension AuxiliaryView {
    var json: JSONValue {
        [
            "name": .string(name),
            "kind": .string(kind),
            "state": .string(state),
            "height": .optional(height),
            "workAge": .optional(workAge),
            "found": JSONValue(found),
            "accepted": JSONValue(accepted),
            "uncle": JSONValue(uncle),
            "stale": JSONValue(stale),
            "rejected": JSONValue(rejected),
            "lastError": .optional(lastError),
            "difficulty": .optional(difficulty),
            "neededDifficulty": .optional(neededDifficulty),
            "hiddenFrom": JSONValue(hiddenFrom),
            "outcomes": .counts(outcomes),
        ]
    }
}

extension AuxiliaryBlockRow {
    var json: JSONValue {
        [
            "chain": .string(chain),
            "height": JSONValue(height),
            "hash": .string(hash),
            "parentHash": .string(parentHash),
            "worker": .string(worker),
            // A number where it fits one, as every other count of units.
            "reward": Int64(reward).map { .integer($0) } ?? .string(reward),
            "answer": .string(answer),
            "state": .string(state),
            "time": JSONValue(time),
        ]
    }
}

extension MinerRow {
    var json: JSONValue {
        [
            "connection": JSONValue(connection),
            "address": .string(address),
            "agent": .string(agent),
            "account": .string(account),
            "worker": .string(worker),
            "difficulty": .real(difficulty),
            "since": JSONValue(since),
            "lastShare": .optional(lastShare),
        ]
    }
}

extension WorkerRow {
    var json: JSONValue {
        [
            "account": .string(account),
            "worker": .string(worker),
            "accepted": JSONValue(accepted),
            "acceptedDifficulty": .real(acceptedDifficulty),
            "rejected": .counts(rejected),
            "difficulty": .optional(difficulty),
            "lastShare": .optional(lastShare),
            "hashrate": .hashrates(hashrate),
            "bestShare": .optional(bestShare),
            "sabotage": JSONValue(sabotage),
        ]
    }
}

extension BlockRow {
    var json: JSONValue {
        [
            "height": JSONValue(height),
            "hash": .string(hash),
            "worker": .string(worker),
            "time": JSONValue(time),
            "state": .string(state),
            "reward": JSONValue(reward),
            "effort": .optional(effort),
        ]
    }
}
