extension HandoverChannel {
    enum Message: Equatable, Sendable {
        /// The new process can read its configuration and knows this form of the state.
        case prepared(version: UInt32)
        /// What follows: so many bytes in the file that comes along, and so many sockets.
        case state(bytes: Int, sockets: Int)
        /// Some of them.
        case sockets
        /// They have arrived: more may follow.
        case taken
        /// All stands ready; nobody was heard or told anything.
        case ready
        /// The old process has let go: the new one begins.
        case go
        case failed(String)
    }
}

extension HandoverChannel.Message {
    var bytes: [UInt8] {
        switch self {
        case .prepared(let version): Array("prepared \(version)".utf8)
        case .state(let bytes, let sockets): Array("state \(bytes) \(sockets)".utf8)
        case .sockets: Array("sockets".utf8)
        case .taken: Array("taken".utf8)
        case .ready: Array("ready".utf8)
        case .go: Array("go".utf8)
        case .failed(let text): Array("failed \(text.prefix(900))".utf8)
        }
    }

    init?(_ bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        let words = text.split(separator: " ")
        switch words.first {
        case "prepared":
            guard words.count == 2, let version = UInt32(words[1]) else { return nil }
            self = .prepared(version: version)
        case "state":
            guard words.count == 3, let bytes = Int(words[1]), let sockets = Int(words[2]), bytes >= 0, sockets >= 0 else { return nil }
            self = .state(bytes: bytes, sockets: sockets)
        case "sockets": self = .sockets
        case "taken": self = .taken
        case "ready": self = .ready
        case "go": self = .go
        case "failed": self = .failed(String(text.dropFirst(7)))
        default: return nil
        }
    }
}
