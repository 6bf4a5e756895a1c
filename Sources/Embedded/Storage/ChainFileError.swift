import Glibc

/// Why the file of an embedded chain cannot be used.
public enum ChainFileError: Error, Hashable, Sendable {
    case io(path: String, errno: Int32)
    case inUse(path: String)
    /// It does not begin as such a file does.
    case foreign(path: String)
}

extension ChainFileError: CustomStringConvertible {
    /// One line that names the file and the remedy.
    public var description: String {
        switch self {
        case .io(let path, let errno): "\(path): \(String(cString: strerror(errno)))"
        case .inUse(let path): "\(path) is in use by another process; stop it or name another data folder"
        case .foreign(let path): "\(path) is not an embedded chain's file; move it away or name another data folder"
        }
    }

    /// The label of counters.
    public var label: String {
        switch self {
        case .io: "io"
        case .inUse: "in-use"
        case .foreign: "foreign"
        }
    }
}
