/// A witness version and its program (BIP141), as segwit addresses spell them.
struct WitnessProgram: Hashable, Sendable {
    let version: UInt8
    let bytes: [UInt8]

    /// Reads any segwit address that BIP350 calls valid, of any network, and says its prefix.
    static func decode(_ text: String) throws(AddressError.Reason) -> (prefix: String, program: WitnessProgram) {
        let (prefix, values, variant) = try Bech32.decode(text)
        guard let version = values.first, version <= 16 else { throw .unknownWitnessVersion(values.first ?? 0) }
        guard let program = Bech32.eightBits(values.dropFirst()) else { throw .badPadding }
        guard (2...40).contains(program.count) else { throw .badProgramLength(program.count) }
        if version == 0 && program.count != 20 && program.count != 32 { throw .badProgramLength(program.count) }
        guard variant == (version == 0 ? .bech32 : .bech32m) else { throw .wrongChecksumKind(version: version) }
        return (prefix, WitnessProgram(version: version, bytes: program))
    }

    func encode(prefix: String) -> String {
        Bech32.encode(prefix: prefix, values: [version] + Bech32.fiveBits(bytes), variant: version == 0 ? .bech32 : .bech32m)
    }
}
