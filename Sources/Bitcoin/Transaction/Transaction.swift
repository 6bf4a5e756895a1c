public import Hashing

/// One transaction, with or without witness.
public struct Transaction: Hashable, Sendable {
    public var version: UInt32
    public var inputs: [TransactionInput]
    public var outputs: [TransactionOutput]
    public var lockTime: UInt32

    public init(version: UInt32 = 2, inputs: [TransactionInput], outputs: [TransactionOutput], lockTime: UInt32 = 0) {
        self.version = version
        self.inputs = inputs
        self.outputs = outputs
        self.lockTime = lockTime
    }
}

/// What a transaction spends.
public struct TransactionInput: Hashable, Sendable {
    public var previousOutput: OutPoint
    public var scriptSig: Script
    public var sequence: UInt32
    /// The witness stack; empty where there is none.
    public var witness: [[UInt8]]

    public init(previousOutput: OutPoint, scriptSig: Script = Script(), sequence: UInt32 = .max, witness: [[UInt8]] = []) {
        self.previousOutput = previousOutput
        self.scriptSig = scriptSig
        self.sequence = sequence
        self.witness = witness
    }
}

/// An output of an earlier transaction.
public struct OutPoint: Hashable, Sendable {
    public var txid: Hash256
    public var index: UInt32

    public init(txid: Hash256, index: UInt32) {
        self.txid = txid
        self.index = index
    }

    /// What a coinbase "spends".
    public static let null = OutPoint(txid: .zero, index: .max)
}

/// What a transaction pays.
public struct TransactionOutput: Hashable, Sendable {
    /// Satoshi.
    public var value: Int64
    public var script: Script

    public init(value: Int64, script: Script) {
        self.value = value
        self.script = script
    }
}

extension Transaction {
    public var hasWitness: Bool { inputs.contains { !$0.witness.isEmpty } }

    /// Exactly one input, which spends nothing.
    public var isCoinbase: Bool { inputs.count == 1 && inputs[0].previousOutput == .null }

    /// The hash of the witness-free bytes, which Merkle trees and outpoints name.
    public var txid: Hash256 { .sha256d(witnessless.span) }

    /// The hash of all bytes. The witness commitment takes zero for the coinbase's (BIP141); this is the real one.
    public var wtxid: Hash256 { .sha256d(serialized.span) }

    /// Three times the witness-free size plus the whole size (BIP141).
    public var weight: Int { 3 * witnessless.count + serialized.count }
}
