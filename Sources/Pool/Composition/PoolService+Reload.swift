import Accounting
import Bitcoin
import MergeMining
import Stratum
import Synchronization

extension PoolService {
    /// Where the configuration came from, and what beside the pool follows it.
    struct Reloading: Sendable {
        let path: String
        let admin: AdminServer
        var isUnderWay = false
    }

    /// Makes it possible to read the configuration anew.
    /// - Parameter path: the file that the pool was started with.
    func allowReloads(from path: String, _ admin: AdminServer) {
        reloading.withLock { $0 = Reloading(path: path, admin: admin) }
    }

    var reloads: (any ReloadSource)? { reloading.withLock { $0 != nil } ? self : nil }
}

extension PoolService: ReloadSource {
    func reload() async throws(AdminFailure) -> [ConfigurationUpdate.Change] {
        let place = reloading.withLock { reloading -> Reloading? in
            guard let place = reloading, !place.isUnderWay else { return nil }
            reloading?.isUnderWay = true
            return place
        }
        guard let place else { throw .unavailable("another reload is under way, or the pool is at its end") }
        defer { reloading.withLock { $0?.isUnderWay = false } }
        let log = Log("configuration")
        do throws(AdminFailure) {
            let changes = try await reload(from: place.path, place.admin)
            for change in changes { log.info("\(change)") }
            log.info("\(place.path) is read: \(changes.count { $0.isApplied }) of \(changes.count) changed keys are applied")
            return changes
        } catch {
            for line in error.text.split(separator: "\n") { log.error("not applied: \(line)") }
            throw error
        }
    }

    /// Whatever can be refused comes first, so that it is all or nothing.
    private func reload(from path: String, _ admin: AdminServer) async throws(AdminFailure) -> [ConfigurationUpdate.Change] {
        let former = configuration
        var next = former
        let changes: [ConfigurationUpdate.Change]
        let token: Secret?
        do {
            changes = next.take(try PoolConfiguration(contentsOf: path))
            token = try next.admin.tokenFile.map { try AdminToken.read($0) }
        } catch {
            throw .unusable("\(error)")
        }
        try await setFees(from: former, to: next)
        running.withLock { $0 = next }
        server.setDifficulties(next.stratum.map { DifficultySettings($0.difficulty) })
        server.limitConnections(perAddress: next.limits.connectionsPerAddress)
        await jobs.setTag(next.coinbase.tag)
        await auxiliarySet?.setRejobInterval(next.limits.rejobInterval)
        await payoutDesk.adopt(next.payoutSettings)
        admin.setAccess(token: token, isPublic: next.admin.isPublic)
        // `poolctl log` holds until these keys say something new.
        if next.log != former.log { next.log.apply() }
        certificates.look()
        return changes
    }

    private func setFees(from former: PoolConfiguration, to next: PoolConfiguration) async throws(AdminFailure) {
        let terms = next.chainTerms
        guard terms != former.chainTerms else { return }
        do {
            guard try ledger.setFees(Dictionary(terms.map { ($0.chain, $0.fee) }) { first, _ in first }) else {
                throw AdminFailure.unavailable(
                    "accounting.fee: shares are owed at the former fee, and the pool's own money does not reach for them (accounting.pps.floor); "
                        + "nothing was applied"
                )
            }
        } catch let failure as AdminFailure {
            throw failure
        } catch {
            throw .unavailable("accounting.fee: the ledger: \(error); nothing was applied")
        }
        // A SOLO account's fee stands in its coinbase.
        await jobs.reprice { [ledger] in ledger.soloFee(of: $0, chain: next.chain) }
    }
}

extension PoolConfiguration.Logging {
    /// Holds for every line from now on.
    func apply() {
        Log.level = level
        Log.format = format
    }
}
