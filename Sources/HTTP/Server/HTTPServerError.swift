/// Why a server cannot listen.
public enum HTTPServerError: Error, Sendable, Equatable {
    /// The host names no address of this machine's protocols.
    case badAddress(String)
    /// Something listens there already.
    case inUse(String)
    /// The system does not let this user listen there.
    case forbidden(String)
    /// A file stands where the socket should, and it is no socket.
    case notASocket(path: String)
    /// The folder that the socket should stand in is not there.
    case noFolder(path: String)
    /// The path is longer than the 107 bytes a Unix socket's may have.
    case pathTooLong(path: String)
    /// The system refused for another reason, in its words.
    case system(String, String)
}

extension HTTPServerError: CustomStringConvertible {
    /// One line for a log.
    public var text: String {
        switch self {
        case .badAddress(let address): "\(address) is no address to listen on"
        case .inUse(let address): "\(address) is in use"
        case .forbidden(let address): "this user may not listen on \(address)"
        case .notASocket(let path): "\(path) exists and is no socket"
        case .noFolder(let path): "cannot listen on \(path): its folder is not there"
        case .pathTooLong(let path): "\(path) is too long for a Unix socket"
        case .system(let address, let words): "cannot listen on \(address): \(words)"
        }
    }

    /// The name this error is counted under.
    public var label: String {
        switch self {
        case .badAddress: "bad-address"
        case .inUse: "in-use"
        case .forbidden: "forbidden"
        case .notASocket: "not-a-socket"
        case .noFolder: "no-folder"
        case .pathTooLong: "path-too-long"
        case .system: "system"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .badAddress: "name an address of this machine, as HOST:PORT"
        case .inUse: "stop what listens there, or choose another address"
        case .forbidden: "choose a port from 1024 on, or a folder this user may write"
        case .notASocket: "remove the file, or choose another path"
        case .noFolder: "make the folder and give it to this user, or choose another path"
        case .pathTooLong: "choose a path of at most 107 bytes"
        case .system: "see the system's limits on sockets and files"
        }
    }

    public var description: String { text }
}
