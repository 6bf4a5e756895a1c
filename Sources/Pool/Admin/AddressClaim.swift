internal import Bitcoin
internal import JSON

/// What the owner of an account signs to be paid on an auxiliary chain: nobody else has the account's key, so no operator has to be asked.
public struct AddressClaim: Sendable, Equatable {
    public var account: String
    public var chain: String
    public var address: String
    /// When it was signed, Unix seconds.
    public var time: Int
    /// Base64, as ``SignedMessage``.
    public var signature: String

    /// How far `time` may lie from the pool's clock, seconds: a cold wallet takes a while.
    static let patience = 3_600

    init?(_ value: JSONValue) {
        func text(_ key: String) -> String? { value[key]?.string.flatMap { (1...256).contains($0.utf8.count) ? $0 : nil } }
        guard let account = text("account"), let chain = text("chain"), let address = text("address"), let signature = text("signature"),
            let time = value["time"]?.integer
        else { return nil }
        self.init(account: account, chain: chain, address: address, time: Int(time), signature: signature)
    }

    public init(account: String, chain: String, address: String, time: Int, signature: String) {
        self.account = account
        self.chain = chain
        self.address = address
        self.time = time
        self.signature = signature
    }

    /// The text that is signed, to the letter.
    var text: String { "Motherlode: pay \(account) on \(chain) to \(address), \(time)" }

    /// What is wrong with it; nil when the account's key signed it and it is fresh.
    /// - Parameter now: Unix seconds.
    func fault(on parent: Chain, now: Int) -> String? {
        guard (now - AddressClaim.patience...now + AddressClaim.patience).contains(time) else {
            return "time is not within an hour of the pool's clock, which says \(now)"
        }
        guard let owner = try? Address(parsing: account, chain: parent) else {
            return "account is no address of the chain \(parent.rawValue), so nobody can sign for it"
        }
        do {
            try SignedMessage(text: text, signature: signature).verify(by: owner)
            return nil
        } catch {
            return "\(error.rawValue); the text to be signed is: \(text)"
        }
    }
}
