internal import Glibc

/// A TLS connection whose session has gone to another process: what this one decrypts goes there over a pair of sockets, and back.
public struct SecuredPair: Sendable {
    let channel: SecureChannel
    /// The miner's.
    let socket: Int32
    /// This process's end of the pair, and the one that travels.
    let near: Int32
    let far: Int32

    /// Nil when no file descriptor is left.
    init?(channel: SecureChannel, socket: Int32) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { return nil }
        self.channel = channel
        self.socket = socket
        (near, far) = (pair[0], pair[1])
    }
}
