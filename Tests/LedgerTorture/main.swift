import Accounting
import Glibc
import PowerCut
import Randomness

// Works on a ledger until it is killed, and keeps a book of it on stdout, line by line:
//
//   > WORKER COUNT …    a group is about to be appended: accepted shares by worker
//   <                   it was acknowledged
//   B HASH              a block is on record
//
// `LEDGER_STORE` names another store than the folder's. Arguments: the data folder, a seed, and for a power cut the folder the disk is left in and the change after which it comes.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let seed = UInt64(arguments[2]) else {
    say("usage: ledgertorture FOLDER SEED [TWIN CHANGES]")
    exit(2)
}
if arguments.count == 5, let after = UInt(arguments[4]) { power_cut_after(arguments[1], arguments[3], after, UInt32(truncatingIfNeeded: seed)) }
do {
    try torture(folder: arguments[1], seed: seed)
} catch {
    say("! \(error)")
    exit(1)
}

nonisolated func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

nonisolated func torture(folder: String, seed: UInt64) throws(LedgerError) {
    var random = SeededGenerator(seed: seed)
    var settings = LedgerSettings(dataFolder: folder)
    if let store = getenv("LEDGER_STORE") { settings.store = String(cString: store) }
    settings.foldMilliseconds = 5
    settings.chains = [
        ChainTerms(chain: Ledger.parentChain), ChainTerms(chain: "namecoin", scheme: .prop), ChainTerms(chain: "elastos", scheme: .pps, floor: .min),
    ]
    let ledger = try Ledger(settings)
    try ledger.setPay(chain: "elastos", reward: 1_000_003, networkWeight: 1 << 40)
    var number = 0
    while true {
        number += 1
        var counts: [UInt32: Int] = [:]
        var entries: [ShareEntry] = []
        for _ in 0..<Int.random(in: 1...120, using: &random) {
            let name = Int.random(in: 0..<40, using: &random)
            guard let worker = ledger.workers.handle(account: "account\(name / 4)", worker: "\(name)") else { continue }
            counts[UInt32(name), default: 0] += 1
            entries.append(ShareEntry(worker: worker, reason: 0, weight: UInt128(1_000 + name), difficulty: 1))
        }
        say(">" + counts.map { " \($0) \($1)" }.joined())
        try ledger.append(entries)
        say("<")
        if number % 10 == 0 { try block(ledger, "\(seed)-\(number)", entries, &random) }
    }
}

nonisolated func block(_ ledger: Ledger, _ hash: String, _ entries: [ShareEntry], _ random: inout SeededGenerator) throws(LedgerError) {
    let chain = [Ledger.parentChain, "namecoin", "elastos"][Int.random(in: 0..<3, using: &random)]
    try ledger.recordBlock(
        FoundBlock(chain: chain, height: 1, hash: hash, worker: entries.last?.worker, time: 1, reward: 5_000_000_000, networkWeight: 1 << 20)
    )
    say("B \(hash)")
    try ledger.updateBlock(chain: chain, hash: hash, BlockNews(state: .accepted))
    try ledger.settleRounds()
    for open in try ledger.blocks(chain: chain, states: [.accepted], limit: 10).dropFirst(3) {
        let state: BlockState = Int.random(in: 0..<4, using: &random) == 0 ? .orphaned : .confirmed
        try ledger.updateBlock(chain: chain, hash: open.hash, BlockNews(state: state))
    }
    try ledger.creditShares()
}
