import Glibc
import HTTP
import Synchronization

/// Keeps one port for a server that comes and goes.
///
/// Its calls take effect one after the other, in the order made by one caller.
actor PortHolder {
    enum Use: Sendable {
        case serving(HTTPServer.Handler)
        /// Accepts connections and closes them at once.
        case dropping
    }

    let host: String
    private let bound: Mutex<UInt16>
    private var server: HTTPServer?
    private var dropper: DroppingListener?

    init(host: String, port: UInt16) {
        self.host = host
        bound = Mutex(port)
    }

    nonisolated var port: UInt16 { bound.withLock { $0 } }

    /// Uses the port so; what used it otherwise ends first.
    func hold(as use: Use) async throws(HTTPServerError) {
        switch use {
        case .serving where server != nil, .dropping where dropper != nil: return
        case .serving, .dropping: await release()
        }
        switch use {
        case .serving(let handler):
            // A solved block is up to 4 MB, twice that in hex.
            let limits = HTTPServer.Limits(bodyBytes: 16 << 20)
            let server = try HTTPServer(listen: .tcp(host: host, port: port), limits: limits, handler: handler)
            bound.withLock { $0 = server.boundPort ?? $0 }
            self.server = server
        case .dropping: dropper = try DroppingListener(host: host, port: port)
        }
    }

    func release() async {
        dropper?.close()
        dropper = nil
        await server.take()?.stop()
    }
}
