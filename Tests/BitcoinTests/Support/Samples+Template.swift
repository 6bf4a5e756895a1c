import Bitcoin
import Hashing
import JSON
import Randomness

/// What tests mine on.
enum Samples {
    /// What `getblocktemplate` answers, with one segwit transaction.
    static let template: JSONValue = {
        var generator = SeededGenerator(seed: 6)
        let transaction = TemplateTransaction(generator.transaction(withWitness: true), fee: 1_310, signatureOperations: 4)
        return [
            "version": 536_870_912,
            "rules": ["csv", "!segwit", "taproot"],
            "previousblockhash": "4155af347da8eb5c7f856d14c29e0538289266fd5c755e391d2a4613253d6798",
            "transactions": [
                [
                    "data": .string(transaction.hex),
                    "txid": .string(transaction.txid.displayHex),
                    "hash": .string(transaction.wtxid.displayHex),
                    "depends": [],
                    "fee": 1_310,
                    "sigops": 4,
                    "weight": JSONValue(transaction.weight),
                ]
            ],
            "coinbaseaux": [:],
            "coinbasevalue": 2_500_001_310,
            "longpollid": "4155af34",
            "target": "7fffff0000000000000000000000000000000000000000000000000000000000",
            "mintime": 1_795_219_667,
            "mutable": ["time", "transactions", "prevblock"],
            "sigoplimit": 80_000,
            "sizelimit": 4_000_000,
            "weightlimit": 4_000_000,
            "curtime": 1_795_219_731,
            "bits": "207fffff",
            "height": 279,
            "default_witness_commitment": .string(Hex.encode(WitnessCommitment(wtxids: [transaction.wtxid]).script.bytes)),
        ]
    }()

    static let payout = Script.payToWitness(version: 0, program: [UInt8](repeating: 0x11, count: 20))

    static func layout(for template: BlockTemplate, extranonceSize: Int = 12) throws -> CoinbaseLayout {
        try CoinbaseLayout(
            height: template.height,
            runNumber: 0x0102_0304,
            tag: "/motherlode/",
            extranonceSize: extranonceSize,
            payouts: [TransactionOutput(value: template.coinbaseValue, script: payout)],
            witnessCommitment: template.witnessCommitment
        )
    }
}

extension JSONValue {
    /// This object with one member replaced, or taken away.
    func replacing(_ key: String, with value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[key] = value
        return .object(members)
    }

    /// This template with one member of its first transaction replaced, or taken away.
    func replacingInTransaction(_ key: String, with value: JSONValue?) -> JSONValue {
        guard let first = self["transactions"]?[0] else { return self }
        return replacing("transactions", with: .array([first.replacing(key, with: value)]))
    }
}
