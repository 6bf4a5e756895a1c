import Stratum

extension PoolService {
    /// Each TLS connection takes two more files for as long as it is decrypted here: those without would lose their miners.
    func requireFilesForUpgrade() throws(UpgradeFailure) {
        let counters = server.counters
        let needed = counters.connections + 2 * counters.secured + 512
        guard counters.secured == 0 || needed <= FileLimit.current.soft else {
            throw UpgradeFailure(
                "\(counters.secured) TLS connections need two files more each, \(needed) in all, and \(FileLimit.current.soft) are allowed: "
                    + "raise the limit (LimitNOFILE=), or restart"
            )
        }
    }
}
