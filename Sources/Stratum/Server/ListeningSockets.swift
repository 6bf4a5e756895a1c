import Glibc

/// The sockets that the loops accept from.
struct ListeningSockets {
    /// By loop, then by listener.
    private(set) var ofLoop: [[Int32]]
    private(set) var addresses: [SocketAddress] = []

    init(_ texts: [String], loops: Int) throws(StratumServerError) {
        ofLoop = Array(repeating: [], count: loops)
        do throws(StratumServerError) {
            for text in texts { try open(try SocketAddress.resolve(text)) }
        } catch {
            close()
            throw error
        }
    }

    private mutating func open(_ address: SocketAddress) throws(StratumServerError) {
        try Socket.claim(address)
        var bound = address
        for loop in ofLoop.indices {
            let fd = try Socket.listen(on: bound, shared: true)
            ofLoop[loop].append(fd)
            // Port 0: the first socket gets a port, the others join it.
            if loop == 0 { bound = Socket.localAddress(of: fd) ?? address }
        }
        addresses.append(bound)
    }

    func close(from loop: Int = 0) {
        for fd in ofLoop[loop...].joined() { Glibc.close(fd) }
    }
}
