import Glibc

/// Where `poolctl` reaches a pool.
enum PoolAddress: Equatable {
    case socket(String)
    case url(String, token: Secret?)

    /// Where a socket is looked for when none is named, in this order.
    ///
    /// `poold dev` without `--data` keeps its state in a temporary folder `motherlode-…`; of several that are this user's, the newest counts.
    static func candidates(environment: (String) -> String?) -> [String] {
        if let named = environment("MOTHERLODE_SOCKET"), !named.isEmpty { return [named] }
        let temporary = environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        return ["poold.sock", "/run/motherlode/poold.sock", "/var/lib/motherlode/poold.sock"] + developmentSockets(in: temporary)
    }

    /// The first candidate that somebody listens on, or else the first that exists; an empty path where none does.
    static func find(environment: (String) -> String?) -> PoolAddress {
        let candidates = candidates(environment: environment)
        // A name that was given is tried all the same: its error says what is wrong with it.
        if candidates.count == 1 { return .socket(candidates[0]) }
        let sockets = candidates.filter { kind(of: $0)?.isSocket ?? false }
        return .socket(sockets.first(where: isAlive) ?? sockets.first ?? "")
    }

    private static func developmentSockets(in temporary: String) -> [String] {
        guard let folder = opendir(temporary) else { return [] }
        defer { closedir(folder) }
        var found: [(path: String, time: Int)] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Tests make folders of the same kind, whose pools nobody means.
            guard name.hasPrefix("motherlode-"), !name.hasPrefix("motherlode-test-") else { continue }
            let path = "\(temporary)/\(name)/poold.sock"
            // The folder is everybody's: only this user's own socket is trusted.
            guard let file = kind(of: path), file.isSocket, file.owner == geteuid() else { continue }
            found.append((path, file.time))
        }
        return found.sorted { $0.time > $1.time }.map(\.path)
    }

    private static func kind(of path: String) -> (isSocket: Bool, owner: uid_t, time: Int)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFSOCK, status.st_uid, status.st_mtim.tv_sec)
    }

    /// False for a socket that a dead pool left behind.
    private static func isAlive(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let probe = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) } == 0
        }
    }
}
