import Glibc

/// What a process tells the service manager that started it (sd_notify(3)): lines of `NAME=value` to the socket in `NOTIFY_SOCKET`.
enum ServiceNotice {
    /// Nothing happens where no manager listens.
    static func send(_ text: String) {
        guard let name = getenv("NOTIFY_SOCKET").map({ Array(String(cString: $0).utf8) }) else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count > 1, name.count < room else { return }
        // `@` stands for the zero byte of an abstract name.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name[0] == 0x40 ? [0] + name.dropFirst() : name) }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        let bytes = Array(text.utf8)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size - room + name.count)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length) }
        }
    }
}
