/// What a book of an account holds. Money of a chain lies in one of these, and moves between them.
enum BookKind: String, CaseIterable, Sendable {
    /// Where rewards come from: the pool's book with the chain, below zero by all it ever paid.
    case reward
    /// Credited of blocks that are not mature.
    case immature
    /// To be paid out; of the pool's account, its own money.
    case payable
    /// In a payout that is not confirmed.
    case sending
    /// Paid out.
    case paid
    /// Spent on fees of transactions that paid accounts: by the account, or by the pool for all of them.
    case spent
}

/// One book: of an account, on one chain.
struct Book: Hashable, Sendable {
    /// The account's row.
    var account: Int64
    var kind: BookKind
}

/// Money going from one book to another. What all moves do together is nothing: the books balance by construction.
struct Move: Equatable, Sendable {
    var from: Book
    var to: Book
    /// In the chain's smallest unit, more than zero.
    var amount: UInt128
}

/// The bookings of the pool's life, as moves.
enum Moves {
    /// A block's reward goes to the accounts of its round and, as fee, to the pool: all of it immature.
    /// - Parameter accounts: the rows of the rows' accounts, in their order.
    static func distribution(of reward: UInt128, rows: [RoundRow], accounts: [Int64], pool: Int64) -> [Move] {
        let source = Book(account: pool, kind: .reward)
        let division = BlockReward(reward, rows: rows)
        var moves = zip(accounts, division.credits).map { Move(from: source, to: Book(account: $0, kind: .immature), amount: $1) }
        moves.append(Move(from: source, to: Book(account: pool, kind: .immature), amount: division.fee))
        return moves.filter { $0.amount > 0 }
    }

    /// What these moves together left immature is to be paid out.
    /// - Parameter isPaid: the block itself paid the accounts, so that only the pool's own part is still to be spent.
    static func maturity(of moves: [Move], isPaid: Bool, pool: Int64) -> [Move] {
        left(by: moves)
            .filter { $0.0.kind == .immature }
            .map { book, amount in
                Move(from: book, to: Book(account: book.account, kind: isPaid && book.account != pool ? .paid : .payable), amount: amount)
            }
    }

    /// Takes back to the reward's book what these moves together left in others.
    static func reversal(of moves: [Move], pool: Int64) -> [Move] {
        let source = Book(account: pool, kind: .reward)
        return left(by: moves).filter { $0.0 != source }.map { Move(from: $0.0, to: source, amount: $0.1) }
    }

    /// The books that the moves leave more in than they take, in a fixed order.
    private static func left(by moves: [Move]) -> [(Book, UInt128)] {
        net(moves).filter { $0.value > 0 }
            .sorted { ($0.key.account, $0.key.kind.rawValue) < ($1.key.account, $1.key.kind.rawValue) }
            .map { ($0.key, UInt128($0.value)) }
    }

    /// Shares paid at once, out of the pool's own money.
    static func perShare(_ amounts: [UInt128], accounts: [Int64], pool: Int64) -> [Move] {
        let source = Book(account: pool, kind: .payable)
        return zip(accounts, amounts).map { Move(from: source, to: Book(account: $0, kind: .payable), amount: $1) }
            .filter { $0.amount > 0 && $0.from != $0.to }
    }

    /// What the moves leave in each book, less what they take from it.
    static func net(_ moves: [Move]) -> [Book: Int128] {
        var balances: [Book: Int128] = [:]
        for move in moves {
            balances[move.from, default: 0] -= Int128(move.amount)
            balances[move.to, default: 0] += Int128(move.amount)
        }
        return balances
    }
}

/// Why money moved.
enum EntryKind: String, Sendable {
    case distribution
    case maturity
    case reversal
    case perShare = "per-share"
    case payout
    case payoutConfirmed = "payout-confirmed"
    case payoutReleased = "payout-released"
}
