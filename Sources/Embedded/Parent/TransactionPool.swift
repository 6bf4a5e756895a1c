/// The serial numbers of a supply's transactions that were handed out and stand in no block of the active chain.
///
/// The embedded node's mempool: connecting a block takes its transactions, disconnecting it gives them back.
struct TransactionPool: Sendable {
    let supply: TransactionSupply
    /// How many transactions wait at least, after each block.
    private(set) var depth: Int
    /// The lowest serial never handed out.
    private(set) var next: UInt64 = 0
    /// Counts changes, for long polls.
    private(set) var updates: UInt64 = 0
    private var waiting: Set<UInt64> = []
    /// Made so far and still waiting; making one costs some microseconds.
    private var made: [UInt64: OfferedTransaction] = [:]

    init(supply: TransactionSupply, depth: Int) {
        self.supply = supply
        self.depth = depth
    }

    var count: Int { waiting.count }

    /// Removes a block's transactions; false, and nothing done, when one of them is not waiting.
    mutating func take(_ serials: [UInt64]) -> Bool {
        guard Set(serials).count == serials.count, serials.allSatisfy(waiting.contains) else { return false }
        for serial in serials {
            waiting.remove(serial)
            made[serial] = nil
        }
        if !serials.isEmpty { updates += 1 }
        return true
    }

    /// Puts a disconnected block's transactions back.
    mutating func giveBack(_ serials: [UInt64]) {
        waiting.formUnion(serials)
        if !serials.isEmpty { updates += 1 }
    }

    /// Hands out new ones until `depth` wait.
    mutating func refill() {
        if waiting.count < depth { add(depth - waiting.count) }
    }

    mutating func add(_ count: Int) {
        guard count > 0 else { return }
        for _ in 0..<count {
            waiting.insert(next)
            next += 1
        }
        updates += 1
    }

    /// Counts the serials of a stored block as handed out.
    mutating func know(_ serials: [UInt64]) {
        guard let last = serials.max(), last >= next else { return }
        waiting.formUnion(next...last)
        next = last + 1
    }

    mutating func setDepth(_ depth: Int) {
        self.depth = depth
        refill()
    }

    /// Was it ever handed out?
    func knows(_ serial: UInt64) -> Bool { serial < next }

    func transaction(_ serial: UInt64) -> OfferedTransaction {
        made[serial] ?? supply.transaction(serial)
    }

    /// All that wait, oldest first, up to `weight`.
    mutating func offer(weight limit: Int) -> [OfferedTransaction] {
        var offered: [OfferedTransaction] = []
        offered.reserveCapacity(waiting.count)
        var weight = 0
        for serial in waiting.sorted() {
            let transaction = made[serial] ?? supply.transaction(serial)
            made[serial] = transaction
            guard weight + transaction.weight <= limit else { break }
            weight += transaction.weight
            offered.append(transaction)
        }
        return offered
    }
}
