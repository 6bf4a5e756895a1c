import Glibc

/// The sockets that the loops accept from.
struct ListeningSockets {
    /// By loop, then by listener.
    private(set) var ofLoop: [[Int32]]
    private(set) var addresses: [SocketAddress] = []
    /// Which of the listeners each of an earlier process's has become; nil where it is no longer configured.
    private(set) var successors: [Int?] = []

    /// - Parameter former: what an earlier process listened on, for each of as many loops; sockets that are no longer wanted are closed.
    init(_ texts: [String], loops: Int, former: [[FormerSocket]] = []) throws(StratumServerError) {
        ofLoop = Array(repeating: [], count: loops)
        successors = Array(repeating: nil, count: former.first?.count ?? 0)
        do throws(StratumServerError) {
            for (number, text) in texts.enumerated() {
                let known = former.first?.indices.first { former[0][$0].name == text && successors[$0] == nil }
                if let known, let bound = Socket.localAddress(of: former[0][known].socket) {
                    successors[known] = number
                    for loop in ofLoop.indices { ofLoop[loop].append(former[loop][known].socket) }
                    addresses.append(bound)
                } else {
                    try open(try SocketAddress.resolve(text))
                }
            }
        } catch {
            close()
            throw error
        }
        for loop in former { for (index, listener) in loop.enumerated() where successors[index] == nil { Glibc.close(listener.socket) } }
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
