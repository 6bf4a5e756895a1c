/// A listening socket that a process gives up, with what the configuration calls its place.
public struct FormerSocket: Sendable {
    public private(set) var name: String
    public private(set) var socket: Int32

    public init(name: String = "", socket: Int32 = -1) {
        self.name = name
        self.socket = socket
    }

    public mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&name)
        try stream.pass(socket: &socket)
    }
}
