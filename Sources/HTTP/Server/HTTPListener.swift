import Glibc

/// A listening socket that nobody serves yet.
struct HTTPListener {
    let socket: Int32
    let boundPort: UInt16?
    /// The socket file to remove in the end.
    let path: String?

    private static let backlog: Int32 = 512

    /// - Parameter taken: a socket that listens there already, which another process has given up.
    init(_ address: HTTPServer.Address, taken: Int32? = nil) throws(HTTPServerError) {
        if let taken {
            socket = taken
            switch address {
            case .tcp: (boundPort, path) = (Self.port(of: taken), nil)
            case .unix(let path, _): (boundPort, self.path) = (nil, path)
            }
            return
        }
        switch address {
        case .tcp(let host, let port):
            socket = try Self.listenTCP(host: host, port: port, text: address.text)
            boundPort = Self.port(of: socket)
            path = nil
        case .unix(let path, let mode):
            socket = try Self.listenUnix(path: path, mode: mode)
            boundPort = nil
            self.path = path
        }
    }

    /// The error that errno stands for.
    private static func failure(_ text: String) -> HTTPServerError {
        switch errno {
        case EADDRINUSE: .inUse(text)
        case EACCES, EPERM: .forbidden(text)
        case EADDRNOTAVAIL: .badAddress(text)
        // Of the two families, only a path can lack a folder.
        case ENOENT, ENOTDIR: .noFolder(path: text)
        case let number: .system(text, String(cString: strerror(number)))
        }
    }
}

// MARK: - TCP

extension HTTPListener {
    private static func listenTCP(host: String, port: UInt16, text: String) throws(HTTPServerError) -> Int32 {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &found) == 0, let found else { throw .badAddress(text) }
        defer { freeaddrinfo(found) }

        let socket = Glibc.socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw failure(text) }
        var one: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, listen(socket, backlog) == 0 else {
            let error = failure(text)
            close(socket)
            throw error
        }
        return socket
    }

    private static func port(of socket: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(socket, address, &length) == 0 else { return nil }
                // Both families keep the port in the same two bytes, big-endian.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
            }
        }
    }
}

// MARK: - Unix socket

extension HTTPListener {
    private static func listenUnix(path: String, mode: UInt32) throws(HTTPServerError) -> Int32 {
        guard var address = address(of: path) else { throw .pathTooLong(path: path) }
        try removeStale(path, address)
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw failure(path) }
        // Linux gives the file the mode of the unbound socket, so there is no moment in which others could connect.
        let bound = fchmod(socket, mode) == 0 && withPointer(to: &address) { bind(socket, $0, $1) } == 0
        // The process's umask may have taken bits away; put them back.
        guard bound, chmod(path, mode) == 0, listen(socket, backlog) == 0 else {
            let error = failure(path)
            close(socket)
            if bound { unlink(path) }
            throw error
        }
        return socket
    }

    /// Removes a socket that nobody listens on, and nothing else.
    private static func removeStale(_ path: String, _ address: sockaddr_un) throws(HTTPServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let probe = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw failure(path) }
        defer { close(probe) }
        var address = address
        // Only a refusal proves that nobody listens; a full backlog, say, does not.
        guard withPointer(to: &address, { connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED else { throw .inUse(path) }
        unlink(path)
    }

    /// The address of a path; nil when it is too long.
    private static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < room, !bytes.contains(0) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func withPointer(to address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
