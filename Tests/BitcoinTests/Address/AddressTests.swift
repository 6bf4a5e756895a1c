import Hashing
import Randomness
import Testing

@testable import Bitcoin

@Suite struct AddressTests {
    @Test(arguments: AddressVectors.segwit)
    func segwitVectors(address: String, script: String) throws {
        let (prefix, program) = try WitnessProgram.decode(address)
        #expect(Hex.encode(Script.payToWitness(version: program.version, program: program.bytes).bytes) == script)
        #expect(program.encode(prefix: prefix) == address.lowercased())
        let chain: Chain = prefix == "bc" ? .main : .signet
        if ["0014", "0020", "5120"].contains(String(script.prefix(4))) {
            let parsed = try Address(parsing: address, chain: chain)
            #expect(Hex.encode(parsed.script.bytes) == script)
            #expect(parsed.description == address.lowercased())
            #expect(Address(script: parsed.script, chain: chain) == parsed)
        } else {
            // Valid, but anyone could spend it: no place for a block reward.
            let error = #expect(throws: AddressError.self) { try Address(parsing: address, chain: chain) }
            #expect(error?.label == "unknown-witness-version")
            #expect(try Address(script: Script(bytes(script)), chain: chain) == nil)
        }
    }

    @Test(arguments: AddressVectors.invalidSegwit)
    func invalidSegwitVectors(address: String, reason: AddressError.Reason) {
        let error = #expect(throws: AddressError.self) { try Address(parsing: address, chain: .main) }
        #expect(error?.reason == reason)
        #expect(error?.address == address)
    }

    @Test(arguments: AddressVectors.base58)
    func base58Vectors(address: String, chain: Chain, script: String) throws {
        let parsed = try Address(parsing: address, chain: chain)
        #expect(Hex.encode(parsed.script.bytes) == script)
        #expect(parsed.description == address)
        #expect(Address(script: parsed.script, chain: chain) == parsed)
    }

    @Test(arguments: AddressVectors.checksums)
    func checksums(text: String, isBech32m: Bool) throws {
        let (prefix, values, variant) = try Bech32.decode(text)
        #expect((variant == .bech32m) == isBech32m)
        #expect(Bech32.encode(prefix: prefix, values: values, variant: variant) == text.lowercased())
    }

    @Test(arguments: [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Chain.regtest, "belongs to main, not to regtest"),
        ("3P14159f73E4gFr7JterCCQh9QjiTjiZrG", .testnet4, "belongs to main, not to testnet4"),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", .main, "belongs to test, testnet4, regtest, signet, not to main"),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", .signet, "belongs to main, not to signet"),
        ("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", .regtest, "belongs to test, testnet4, signet, not to regtest"),
    ])
    func wrongNetworkIsNamed(address: String, chain: Chain, text: String) {
        let error = #expect(throws: AddressError.self) { try Address(parsing: address, chain: chain) }
        #expect(error?.label == "wrong-network")
        #expect(error?.description == "address \"\(address)\" \(text)")
        #expect(error?.remedy.contains(chain.bech32Prefix + "1…") == true)
    }

    @Test(arguments: [
        ("", AddressError.Reason.empty), ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", .badChecksum),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", .unknownLetter("0")),
        ("1", .badChecksum), ("bc1", .badChecksum), ("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", .unknownPrefix("ltc")),
        ("LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", .unknownVersion(48)), ("1Wh4bh", .badProgramLength(0)), ("é", .unknownLetter("\u{fffd}")),
        (String(repeating: "1", count: 100_000), .tooLong), ("bc1" + String(repeating: "q", count: 88), .tooLong),
    ])
    func refused(address: String, reason: AddressError.Reason) {
        let error = #expect(throws: AddressError.self) { try Address(parsing: address, chain: .main) }
        #expect(error?.reason == reason)
    }

    /// Five kinds on five chains, there and back.
    @Test(arguments: Chain.allCases)
    func everyKindReadsItself(chain: Chain) throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<50 {
            let (short, long) = (generator.bytes(20), generator.bytes(32))
            let scripts: [Script] = [
                .payToPublicKeyHash(short), .payToScriptHash(short), .payToWitness(version: 0, program: short),
                .payToWitness(version: 0, program: long), .payToWitness(version: 1, program: long),
            ]
            for script in scripts {
                let address = try #require(Address(script: script, chain: chain))
                #expect(address.script == script)
                #expect(try Address(parsing: address.description, chain: chain) == address)
            }
        }
    }

    @Test(arguments: ["", "6a0161", "76a914", "a914", "5100", "00141122", "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ad"])
    func noAddress(hex: String) throws {
        #expect(try Address(script: Script(bytes(hex)), chain: .main) == nil)
    }
}
