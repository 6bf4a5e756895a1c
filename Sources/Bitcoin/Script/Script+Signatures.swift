extension Script {
    /// Signature operations as nodes count them in a coinbase: each check is one, each multisignature check is 20, whatever precedes it.
    ///
    /// Bytes outside a push are read as opcodes, in a scriptSig too; counting ends where a push runs past the end.
    public var signatureOperations: Int {
        var count = 0
        var index = 0
        while index < bytes.count {
            let opcode = bytes[index]
            index += 1
            switch opcode {
            case 0..<Opcode.pushData1: index += Int(opcode)
            case Opcode.pushData1...Opcode.pushData4:
                let width = 1 << Int(opcode - Opcode.pushData1)
                guard index + width <= bytes.count else { return count }
                index += width + (0..<width).reduce(0) { $0 | Int(bytes[index + $1]) << (8 * $1) }
            case Opcode.checkSignature, Opcode.checkSignatureVerify: count += 1
            case Opcode.checkMultisignature, Opcode.checkMultisignatureVerify: count += 20
            default: break
            }
        }
        return count
    }
}
