import Bitcoin
import Hashing
import Randomness

/// Random values of the wire's types.
extension SeededGenerator {
    mutating func hash() -> Hash256 {
        Hash256(number: UInt256(high: UInt128(next()) << 64 | UInt128(next()), low: UInt128(next()) << 64 | UInt128(next())))
    }

    mutating func transaction(withWitness: Bool = .random()) -> Transaction {
        let inputs = (0..<Int.random(in: 1...4, using: &self)).map { _ in
            TransactionInput(
                previousOutput: OutPoint(txid: hash(), index: UInt32.random(in: 0...9, using: &self)),
                scriptSig: Script(bytes(Int.random(in: 0...300, using: &self))),
                sequence: UInt32.random(in: 0 ... .max, using: &self)
            )
        }
        let outputs = (0..<Int.random(in: 0...4, using: &self)).map { _ in
            TransactionOutput(value: Int64.random(in: .min ... .max, using: &self), script: Script(bytes(Int.random(in: 0...60, using: &self))))
        }
        var transaction = Transaction(version: UInt32.random(in: 0 ... .max, using: &self), inputs: inputs, outputs: outputs)
        transaction.lockTime = UInt32.random(in: 0 ... .max, using: &self)
        if withWitness {
            let stack = (0..<Int.random(in: 1...3, using: &self)).map { _ in bytes(Int.random(in: 0...260, using: &self)) }
            transaction.inputs[inputs.count - 1].witness = stack
        }
        return transaction
    }
}
