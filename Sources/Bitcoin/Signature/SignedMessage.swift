import Hashing

/// A text that the owner of an address has signed, as Bitcoin Core's `signmessage` and wallets after it do (BIP137).
///
/// Only addresses of one key can sign this way: P2PKH, P2SH-P2WPKH, P2WPKH. For others there is BIP322, which is not read here.
public struct SignedMessage: Sendable {
    public var text: String
    /// Base64 of 65 bytes: a header that says how to find the key, then r and s.
    public var signature: String

    public init(text: String, signature: String) {
        self.text = text
        self.signature = signature
    }

    /// Why a signature shows nothing.
    public enum Fault: String, Error, Sendable {
        /// The address has no single key.
        case noKey = "the address is of a kind that cannot sign a message this way; use a P2PKH or P2WPKH address"
        case malformed = "the signature is not the base64 of 65 bytes that begin with 27 to 42"
        /// No key on the curve could have made it.
        case invalid = "the signature is no signature"
        case otherKey = "the signature was made with another address's key, or over another text"
    }

    /// Checks that the address's key signed the text.
    public func verify(by address: Address) throws(Fault) {
        guard let bytes = Base64.decode(signature), bytes.count == 65, (27...42).contains(bytes[0]) else { throw .malformed }
        // BIP137: uncompressed P2PKH, P2PKH, P2SH-P2WPKH, P2WPKH, four numbers each. Electrum writes 31…34 whatever the address.
        let form = (bytes[0] - 27) / 4
        let isPermitted =
            switch address.kind {
            case .p2pkh: form <= 1
            case .p2sh: form == 1 || form == 2
            case .p2wpkh: form == 1 || form == 3
            case .p2wsh, .p2tr: throw Fault.noKey
            }
        guard isPermitted else { throw .otherKey }
        let key = CompactSignature(r: Array(bytes[1..<33]), s: Array(bytes[33..<65]), recovery: Int((bytes[0] - 27) % 4))
            .recoverKey(of: digest, isCompressed: form > 0)
        guard let key else { throw .invalid }
        let hash = PublicKeyHash.hash160(key)
        let isOwner =
            switch address.kind {
            case .p2pkh(let own), .p2wpkh(let own): own == hash
            // The redeem script of a nested P2WPKH output.
            case .p2sh(let own): own == PublicKeyHash.hash160([0, 20] + hash)
            case .p2wsh, .p2tr: false
            }
        guard isOwner else { throw .otherKey }
    }

    /// SHA-256d over prefix and text, each behind its length, so that no signed text can be a transaction.
    private var digest: [UInt8] {
        var writer = ByteWriter(capacity: 32 + text.utf8.count)
        writer.appendSized(Array("Bitcoin Signed Message:\n".utf8))
        writer.appendSized(Array(text.utf8))
        return SHA256.hash(SHA256.hash(writer.bytes))
    }
}
