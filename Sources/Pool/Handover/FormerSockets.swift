import Glibc
import Stratum

extension [FormerSocket] {
    /// Nil where nothing listens there yet.
    func socket(named name: String) -> Int32? { first { $0.name == name && $0.socket >= 0 }?.socket }

    /// Closes those that nobody takes: a socket that listens and is not heard would keep its callers waiting.
    func close(allBut names: [String]) {
        for former in self where former.socket >= 0 && !names.contains(former.name) { Glibc.close(former.socket) }
    }
}
