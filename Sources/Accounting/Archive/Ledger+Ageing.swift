internal import Synchronization

extension Ledger {
    /// Minutes stay for a week and hours for a quarter of a year, at least; days stay for ever.
    static let retention = [
        LedgerStore.Retention(span: 60, coarser: 3_600, kept: 7 * 86_400), LedgerStore.Retention(span: 3_600, coarser: 86_400, kept: 92 * 86_400),
    ]

    /// How often old windows are looked for, milliseconds.
    private static let ageingInterval: Int64 = 3_600_000

    /// Moves windows into the archive whose sums stand in coarser ones, unless a distribution may still cut there. On the queue alone.
    func ageWhenDue() {
        let now = now
        let isDue = unfolded.withLock { state in
            guard now - state.aged >= Self.ageingInterval else { return false }
            state.aged = now
            return true
        }
        guard isDue else { return }
        do throws(LedgerError) {
            try age(at: now)
        } catch {
            // They wait where they are for the next hour; until the next fold `status` shows why.
            unfolded.withLock { $0.failure = error }
        }
    }

    func age(at now: Int64) throws(LedgerError) {
        let reach = try store.reach(chains.withLock { $0 })
        for retention in Self.retention {
            let end = min(reach, now / 1000 - retention.kept) / retention.coarser * retention.coarser
            // In the archive before they leave the store: what a crash leaves in both is one and the same to a reader.
            while let aged = try store.aged(retention.span, before: end, coarser: retention.coarser) {
                try archive.append(aged.windows)
                try store.drop(aged, span: retention.span)
            }
        }
    }
}
