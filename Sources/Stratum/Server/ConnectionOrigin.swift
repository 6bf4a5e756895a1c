/// Where a connection came from, which it keeps on its way from loop to loop and from process to process.
struct ConnectionOrigin: Sendable {
    var socket: Int32
    /// Which of the server's listeners it came in by.
    var listener: Int
    /// Who is at the other end; a proxy may say that it speaks for another.
    var peer: SocketAddress
    /// Unique among all connections of this pool since it was started, upgrades included.
    var id: UInt64
    /// Monotonic milliseconds.
    var openedAt: Int64
    /// The same moment in Unix seconds.
    var since: Int64
}
