internal import Glibc

/// Why the server cannot listen.
public enum StratumServerError: Error, Hashable, Sendable {
    /// The text names no address; what is wrong with it.
    case badAddress(String, String)
    /// The address cannot be listened on: its `errno`.
    case cannotListen(address: String, errno: Int32)
    /// The kernel refused a poll set, an event handle or a thread.
    case noResources(what: String, errno: Int32)
    /// What another process has left cannot be gone on with.
    case handover(HandoverStream.Failure)
}

extension StratumServerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badAddress(let text, let reason): "stratum address \(text): \(reason)"
        case .cannotListen(let address, let code): "stratum cannot listen on \(address): \(String(cString: strerror(code))); \(Self.remedy(code))"
        case .handover(let failure): "stratum: \(failure)"
        case .noResources(let what, let code): "stratum: no \(what): \(String(cString: strerror(code)))"
        }
    }

    private static func remedy(_ code: Int32) -> String {
        switch code {
        case EADDRINUSE: "another program has the port: stop it or choose another one"
        case EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL: "no interface of this machine has this address"
        default: "choose another address"
        }
    }
}
