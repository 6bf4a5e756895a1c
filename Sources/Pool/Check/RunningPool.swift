import Glibc

/// The pool that runs with the configuration already: what it holds is no fault where another program shall go on in its place.
struct RunningPool: Sendable {
    /// Whose process it is.
    private let user: uid_t

    /// Nil where no pool answers on the socket.
    init?(at socket: String) async {
        guard let answer = try? await PoolConnection(.socket(socket)).probe("healthz"), answer.isGood else { return nil }
        var status = stat()
        guard stat(socket, &status) == 0 else { return nil }
        user = status.st_uid
    }

    /// Whether what listens on the port belongs to its user.
    ///
    /// Which process it is cannot be seen from outside: under the systemd unit the pool has a user namespace of its own.
    func holds(_ port: UInt16) -> Bool {
        ["/proc/net/tcp", "/proc/net/tcp6"].contains { path in
            guard let table = try? BoundedFile.read(path, limit: 64 << 20) else { return false }
            return Self.listeners(on: port, in: String(decoding: table, as: UTF8.self)).contains(user)
        }
    }

    /// Who listens on a port, by the kernel's table of TCP sockets (proc_pid_net(5)).
    static func listeners(on port: UInt16, in table: String) -> [uid_t] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            // Number, local address, remote address, state, queues, timer, retransmissions, user.
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 7, fields[3] == "0A", let digits = fields[1].split(separator: ":").last else { return nil }
            return UInt16(digits, radix: 16) == port ? uid_t(fields[7]) : nil
        }
    }
}
