import Hashing
import Testing

@testable import Bitcoin

/// Signatures that an independent implementation of the curve made with one key, and two that Bitcoin Core's own tests hold.
@Suite("Signed messages")
struct SignedMessageTests {
    private static let text = "Größe zählt, sagt der Müller"
    private static let rest = "+GeARWjFNwNwTbeoELPdxMSZPeIXUBmRxL3/rI37kPKLWzdO7Z2ktfNTmBULs8BnDKXMO7hmiFamhz1Zp45DPI="
    private static let compressed = hex("47271e2eceb30a5a5e137873fe547a393b078928")
    private static let uncompressed = hex("1eafc23ec19b1acb9fb17646e4cf7f3aa6915c71")
    private static let nested = hex("5b67da99922516ce2bd463823e83a1be548474d0")

    private static func hex(_ text: String) -> [UInt8] { Hex.decode(text) ?? [] }

    private enum Owner: CaseIterable {
        case old
        case legacy
        case nested
        case native
        case script
        case taproot

        var address: Address? {
            switch self {
            case .old: Address(script: .payToPublicKeyHash(SignedMessageTests.uncompressed), chain: .regtest)
            case .legacy: Address(script: .payToPublicKeyHash(SignedMessageTests.compressed), chain: .regtest)
            case .nested: Address(script: .payToScriptHash(SignedMessageTests.nested), chain: .regtest)
            case .native: Address(script: .payToWitness(version: 0, program: SignedMessageTests.compressed), chain: .regtest)
            case .script: Address(script: .payToWitness(version: 0, program: [UInt8](repeating: 1, count: 32)), chain: .regtest)
            case .taproot: Address(script: .payToWitness(version: 1, program: [UInt8](repeating: 1, count: 32)), chain: .regtest)
            }
        }
    }

    private func fault(_ signature: String, _ text: String, _ address: Address) -> SignedMessage.Fault? {
        do {
            try SignedMessage(text: text, signature: signature).verify(by: address)
            return nil
        } catch {
            return error
        }
    }

    /// The header's letter for each kind of address, and the kinds that it may stand for: 31 (H) is also what Electrum writes.
    @Test func everyKindOfAddressHasItsHeaders() throws {
        let headers: [(String, [Owner])] = [("G", [.old]), ("H", [.legacy, .nested, .native]), ("I", [.nested]), ("J", [.native])]
        for (letter, owners) in headers {
            for owner in Owner.allCases {
                let found = fault(letter + Self.rest, Self.text, try #require(owner.address))
                switch owner {
                case .script, .taproot: #expect(found == .noKey)
                default: #expect(found == (owners.contains(owner) ? nil : .otherKey), "\(letter) \(owner)")
                }
            }
        }
    }

    @Test(arguments: [
        (
            "15CRxFdyRpGZLW9w8HnHvVduizdL5jKNbs", "Trust no one",
            "IPojfrX2dfPnH26UegfbGQQLrdK844DlHq5157/P6h57WyuS/Qsl+h/WSVGDF4MUi4rWSswW38oimDYfNNUBUOk="
        ),
        (
            "11canuhp9X2NocwCq7xNrQYTmUgZAnLK3", "Trust me",
            "IIcaIENoYW5jZWxsb3Igb24gYnJpbmsgb2Ygc2Vjb25kIGJhaWxvdXQgZm9yIGJhbmtzIAaHRtbCeDZINyavx14="
        ),
    ])
    func asBitcoinCore(address: String, text: String, signature: String) throws {
        let owner = try Address(parsing: address, chain: .main)
        #expect(fault(signature, text, owner) == nil)
        #expect(fault(signature, text + ".", owner) != nil)
    }

    @Test func everyChangedBitIsFound() throws {
        let owner = try #require(Owner.native.address)
        let bytes = try #require(Base64.decode("J" + Self.rest))
        for bit in 0..<8 * 65 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            // A header of another kind that stands for the same key is a signature all the same.
            if (31...34).contains(changed[0]), changed[0] % 4 == bytes[0] % 4 { continue }
            #expect(fault(Self.encode(changed), Self.text, owner) != nil, "bit \(bit)")
        }
    }

    @Test(arguments: [
        "", "J", "J" + rest.dropLast(), "J" + rest + "AAAA", "!" + rest, "A" + rest, "J" + String(repeating: "A", count: 87) + "=",
        "J" + String(repeating: "/", count: 86) + "8=",
    ])
    func whatIsNoSignatureIsRefused(signature: String) throws {
        let found = fault(signature, Self.text, try #require(Owner.native.address))
        #expect(found == .malformed || found == .invalid || found == .otherKey)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return stride(from: 0, to: bytes.count, by: 3).map { start in
            let part = Array(bytes[start..<min(start + 3, bytes.count)])
            let bits = part.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            return String((0..<4).map { $0 <= part.count ? letters[bits >> (18 - 6 * $0) & 63] : "=" })
        }.joined()
    }

    @Test(arguments: [
        ("", [] as [UInt8]?), ("AA==", [0]), ("AAA=", [0, 0]), ("AAAA", [0, 0, 0]), ("/+8=", [255, 239]), ("AB==", nil), ("A===", nil), ("AA=A", nil),
        ("A", nil), ("AAAA=", nil), ("AA\n=", nil), ("====", nil),
    ])
    func base64(text: String, bytes: [UInt8]?) {
        #expect(Base64.decode(text) == bytes)
    }
}
