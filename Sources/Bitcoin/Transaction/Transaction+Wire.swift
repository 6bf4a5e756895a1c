extension Transaction {
    /// Reads a whole transaction, in the legacy or the BIP144 form.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    /// Reads a transaction and leaves the reader behind it.
    ///
    /// - Parameter allowsWitness: false reads the legacy form only, as Elastos nodes do.
    public init(from reader: inout ByteReader, allowsWitness: Bool = true) throws(WireError) {
        version = try reader.readLittleEndian(UInt32.self)
        var flag: UInt8 = 0
        inputs = try Transaction.readInputs(&reader)
        if inputs.isEmpty && allowsWitness {
            // The BIP144 marker is an input count of zero. A flag of zero is the output count of a transaction with neither, which is never
            // valid but which nodes read, and which a merged-mining proof may hold.
            flag = try reader.readLittleEndian(UInt8.self)
            guard flag <= 1 else { throw .unknownTransactionFlag(flag) }
            if flag == 1 { inputs = try Transaction.readInputs(&reader) }
        }
        if inputs.isEmpty && flag == 0 && allowsWitness { outputs = [] } else { outputs = try Transaction.readOutputs(&reader) }
        if flag == 1 {
            for index in inputs.indices {
                let count = try reader.readCount(ofItemsAtLeast: 1)
                inputs[index].witness.reserveCapacity(count)
                for _ in 0..<count { inputs[index].witness.append(try reader.readSizedBytes()) }
            }
            guard inputs.contains(where: { !$0.witness.isEmpty }) else { throw .superfluousWitness }
        }
        lockTime = try reader.readLittleEndian(UInt32.self)
    }

    private static func readInputs(_ reader: inout ByteReader) throws(WireError) -> [TransactionInput] {
        let count = try reader.readCount(ofItemsAtLeast: 41)
        var inputs: [TransactionInput] = []
        inputs.reserveCapacity(count)
        for _ in 0..<count {
            let outPoint = OutPoint(txid: try reader.readHash(), index: try reader.readLittleEndian(UInt32.self))
            let scriptSig = Script(try reader.readSizedBytes())
            inputs.append(TransactionInput(previousOutput: outPoint, scriptSig: scriptSig, sequence: try reader.readLittleEndian(UInt32.self)))
        }
        return inputs
    }

    private static func readOutputs(_ reader: inout ByteReader) throws(WireError) -> [TransactionOutput] {
        let count = try reader.readCount(ofItemsAtLeast: 9)
        var outputs: [TransactionOutput] = []
        outputs.reserveCapacity(count)
        for _ in 0..<count {
            outputs.append(TransactionOutput(value: try reader.readLittleEndian(Int64.self), script: Script(try reader.readSizedBytes())))
        }
        return outputs
    }
}

extension Transaction {
    /// The legacy bytes, which the txid hashes.
    public var witnessless: [UInt8] { encode(withWitness: false) }

    /// The bytes of the wire: BIP144 where an input has a witness, else legacy.
    public var serialized: [UInt8] { encode(withWitness: hasWitness) }

    private func encode(withWitness: Bool) -> [UInt8] {
        var writer = ByteWriter(capacity: 64 + 64 * inputs.count + 48 * outputs.count)
        writer.appendLittleEndian(version)
        if withWitness { writer.append([0, 1]) }
        writer.appendCompactSize(inputs.count)
        for input in inputs {
            writer.append(input.previousOutput.txid)
            writer.appendLittleEndian(input.previousOutput.index)
            writer.appendSized(input.scriptSig.bytes)
            writer.appendLittleEndian(input.sequence)
        }
        writer.append(outputs)
        if withWitness {
            for input in inputs {
                writer.appendCompactSize(input.witness.count)
                for item in input.witness { writer.appendSized(item) }
            }
        }
        writer.appendLittleEndian(lockTime)
        return writer.bytes
    }
}

extension ByteWriter {
    /// Appends a transaction's output list with its count.
    public mutating func append(_ outputs: [TransactionOutput]) {
        appendCompactSize(outputs.count)
        for output in outputs {
            appendLittleEndian(output.value)
            appendSized(output.script.bytes)
        }
    }
}
