import Glibc

/// Where `poolctl` reaches a pool.
enum PoolAddress: Equatable {
    case socket(String)
    case url(String, token: Secret?)

    /// Where a socket is looked for when none is named, in this order.
    ///
    /// `poold dev` without `--data` keeps its state in a folder `/tmp/motherlode-dev-…`; of several that are this user's, the newest counts.
    static func candidates(environment: (String) -> String?) -> [String] {
        if let named = environment("MOTHERLODE_SOCKET"), !named.isEmpty { return [named] }
        return ["poold.sock", "/run/motherlode/poold.sock", "/var/lib/motherlode/poold.sock"] + developmentSockets()
    }

    /// The first candidate that exists; an empty path where none does.
    static func find(environment: (String) -> String?) -> PoolAddress {
        let candidates = candidates(environment: environment)
        if let path = candidates.first(where: isSocket) { return .socket(path) }
        // A name that was given is tried all the same: its error says what is wrong with it.
        return .socket(candidates.count == 1 ? candidates[0] : "")
    }

    static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func developmentSockets() -> [String] {
        guard let folder = opendir("/tmp") else { return [] }
        defer { closedir(folder) }
        var found: [(path: String, time: Int)] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("motherlode-dev-") else { continue }
            let path = "/tmp/\(name)/poold.sock"
            var status = stat()
            // /tmp is everybody's: only this user's own socket is trusted.
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else { continue }
            found.append((path, status.st_mtim.tv_sec))
        }
        return found.sorted { $0.time > $1.time }.map(\.path)
    }
}
