import Stratum

/// A listening socket that another process has given up, with what the configuration calls its place.
public struct FormerSocket: Sendable {
    var name = ""
    var socket: Int32 = -1

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&name)
        try stream.pass(socket: &socket)
    }
}

extension [FormerSocket] {
    /// Nil where nothing listens there yet.
    func socket(named name: String) -> Int32? { first { $0.name == name && $0.socket >= 0 }?.socket }
}
