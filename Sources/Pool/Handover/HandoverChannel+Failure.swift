import Glibc

extension HandoverChannel {
    enum Failure: Error, Hashable {
        /// The other process has ended.
        case ended
        case late
        case system(String, Int32)
        /// The other process says why it cannot go on.
        case refused(String)
        /// It has no file descriptors left for what was sent.
        case short
        case unexpected
    }
}

extension HandoverChannel.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .ended: "the new program ended; its own message says why"
        case .late: "the new program was not ready in time"
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .refused(let text): text
        case .short: "the new program has no file descriptors left for this one's connections: raise its limit (LimitNOFILE=)"
        case .unexpected: "the new program speaks another language: it is no poold, or of a version that cannot take over from this one"
        }
    }
}
