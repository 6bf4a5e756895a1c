import Hashing
import Synchronization

/// What follows the coinbase in a template's block, shared by every job and solution of the template.
public final class TemplateBody: Sendable {
    public let transactions: [TemplateTransaction]
    private let joined = Mutex<[UInt8]?>(nil)
    private let listed = Mutex<[UInt8]?>(nil)

    public init(_ transactions: [TemplateTransaction]) {
        self.transactions = transactions
    }

    /// All transactions as one ASCII hex text, joined at the first call (a few milliseconds for a full block).
    ///
    /// Call it in the background as soon as the job is out: a solved share then finds it ready.
    public func joinedHex() -> [UInt8] {
        joined.withLock { $0.fill { text(open: "", between: "", close: "") } }
    }

    /// All transactions as a JSON array of hex strings, made at the first call; `mining.get_transactions` answers it.
    public func jsonArray() -> [UInt8] {
        listed.withLock { $0.fill { transactions.isEmpty ? Array("[]".utf8) : text(open: #"[""#, between: #"",""#, close: #""]"#) } }
    }

    private func text(open: String, between: String, close: String) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(transactions.reduce(8) { $0 + $1.hex.utf8.count + between.utf8.count })
        text.append(contentsOf: open.utf8)
        for (index, transaction) in transactions.enumerated() {
            if index > 0 { text.append(contentsOf: between.utf8) }
            text.append(contentsOf: transaction.hex.utf8)
        }
        text.append(contentsOf: close.utf8)
        return text
    }
}

extension Optional {
    /// The value, made now if there was none.
    fileprivate mutating func fill(_ make: () -> Wrapped) -> Wrapped {
        if let value = self { return value }
        let value = make()
        self = value
        return value
    }
}
