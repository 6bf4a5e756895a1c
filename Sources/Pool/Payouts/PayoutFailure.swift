import Accounting
import Bitcoin

/// Why a payout does not go on.
enum PayoutFailure: Error, Sendable, Equatable {
    /// The pool drives no wallet of this chain.
    case noWallet(chain: String)
    /// Another request is at work on payouts.
    case busy
    /// No account of the chain has enough, and an address.
    case nothingDue(chain: String)
    /// A balance changed, or an earlier payout is not under way.
    case overtaken
    case node(NodeError)
    /// The wallet does not pay: not enough money, locked, or it cannot sign.
    case wallet(String, remedy: String)
    /// What the wallet made is not what it was asked for; it was thrown away.
    case wrongTransaction(String)
    /// The network does not take the transaction as it is.
    case refused(String)
    case ledger(LedgerError)
    /// There is no such payout, or it stands elsewhere.
    case notThere(String)
}

extension PayoutFailure: CustomStringConvertible {
    /// One line for a person.
    var text: String {
        switch self {
        case .noWallet(let chain): "the pool drives no wallet of \(chain)"
        case .busy: "payouts are being worked on"
        case .nothingDue(let chain): "no account of \(chain) has reached the minimum"
        case .overtaken: "balances changed meanwhile, or an earlier payout is not under way yet"
        case .node(let error): "the wallet's node \(error.text)"
        case .wallet(let words, _): "the wallet does not pay: \(words)"
        case .wrongTransaction(let words): "the wallet made a wrong transaction, which was thrown away: \(words)"
        case .refused(let words): "the network does not take the transaction: \(words)"
        case .ledger(let error): "\(error)"
        case .notThere(let words): words
        }
    }

    /// The name this failure is counted under.
    var label: String {
        switch self {
        case .noWallet: "no-wallet"
        case .busy: "busy"
        case .nothingDue: "nothing-due"
        case .overtaken: "overtaken"
        case .node(let error): error.label
        case .wallet: "wallet"
        case .wrongTransaction: "wrong-transaction"
        case .refused: "refused"
        case .ledger(let error): error.label
        case .notThere: "not-there"
        }
    }

    /// What a person can do about it.
    var remedy: String {
        switch self {
        case .noWallet: "pay it outside: payouts plan --chain NAME --csv FILE, then payouts settle --chain NAME --txid T"
        case .busy, .overtaken: "try again"
        case .nothingDue: "lower payouts.minimum, or wait; `poolctl balances` shows what is payable"
        case .node(let error): error.remedy
        case .wallet(_, let remedy): remedy
        case .wrongTransaction: "see the node's version and its wallet's settings"
        case .refused: "replace it at a higher price: payouts bump ID --fee-rate R"
        case .ledger(let error): error.remedy
        case .notThere: "`poolctl payouts status` lists payouts"
        }
    }

    var description: String { "\(text) (\(remedy))" }
}
