/// The output scripts that addresses stand for.
extension Script {
    /// - Parameter hash: HASH160 of a public key, 20 bytes.
    public static func payToPublicKeyHash(_ hash: [UInt8]) -> Script {
        var script = Script([Opcode.duplicate, Opcode.hash160])
        script.pushBytes(hash)
        script.append(raw: [Opcode.equalVerify, Opcode.checkSignature])
        return script
    }

    /// - Parameter hash: HASH160 of a script, 20 bytes (BIP16).
    public static func payToScriptHash(_ hash: [UInt8]) -> Script {
        var script = Script([Opcode.hash160])
        script.pushBytes(hash)
        script.append(Opcode.equal)
        return script
    }

    /// - Parameters:
    ///   - version: 0…16.
    ///   - program: 2…40 bytes (BIP141).
    public static func payToWitness(version: UInt8, program: [UInt8]) -> Script {
        var script = Script([version == 0 ? Opcode.zero : Opcode.one + version - 1])
        script.pushBytes(program)
        return script
    }

    /// An output that can never be spent and carries `data`.
    public static func dataCarrier(_ data: [UInt8]) -> Script {
        var script = Script([Opcode.return])
        script.pushBytes(data)
        return script
    }

    /// The version and program of a witness output; nil for any other script.
    public var witnessProgram: (version: UInt8, program: [UInt8])? {
        guard (4...42).contains(bytes.count), Int(bytes[1]) == bytes.count - 2 else { return nil }
        switch bytes[0] {
        case Opcode.zero: return (0, Array(bytes[2...]))
        case Opcode.one...Opcode.sixteen: return (bytes[0] - Opcode.one + 1, Array(bytes[2...]))
        default: return nil
        }
    }
}
