internal import HTTP
internal import Hashing
import Synchronization

/// Who may ask what on one listener.
struct AdminAccess: Sendable {
    /// Over the Unix socket the file's permission has decided already.
    var isTrusted: Bool
    /// Whether reading needs no token.
    var isPublic: Bool
    var token: Secret?

    enum Answer: Equatable {
        case allowed
        /// The token is missing or wrong.
        case unauthorized
        /// No token could be right: none is configured.
        case impossible
    }

    func judge(_ headers: HTTPHeaders, changes: Bool) -> Answer {
        if isTrusted || (isPublic && !changes) { return .allowed }
        guard let token else { return .impossible }
        guard let given = headers["Authorization"] else { return .unauthorized }
        if given.hasPrefix("Bearer ") { return Self.areEqual(String(given.dropFirst(7)), token.revealed) ? .allowed : .unauthorized }
        // A browser knows no other way to ask a person. Once told, it sends this with what a foreign page asks for too: it is for reading only.
        let browser = HTTPCredentials(user: Self.browserUser, password: token.revealed).basicAuthorization
        return !changes && Self.areEqual(given, browser) ? .allowed : .unauthorized
    }

    /// The user name that a browser gives beside the token.
    static let browserUser = "motherlode"

    /// Compares without telling by its time how much of a guess is right: of two digests, every byte is looked at.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let left = SHA256.hash(Array(left.utf8))
        let right = SHA256.hash(Array(right.utf8))
        var difference: UInt8 = 0
        for index in 0..<32 { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

/// A listener's access as it is now.
final class AdminGate: Sendable {
    private let access: Mutex<AdminAccess>

    init(_ access: AdminAccess) { self.access = Mutex(access) }

    func judge(_ headers: HTTPHeaders, changes: Bool) -> AdminAccess.Answer {
        access.withLock { $0 }.judge(headers, changes: changes)
    }

    func set(token: Secret?, isPublic: Bool) {
        access.withLock { access in
            access.token = token
            access.isPublic = isPublic
        }
    }
}

/// The token that calls over TCP carry to change something.
public enum AdminToken {
    /// Why a token file cannot be used.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    static let shortest = 16

    /// Reads the token from its file: one line of printable ASCII, closed to other users.
    public static func read(_ path: String) throws(Failure) -> Secret {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: 4096, isPrivate: true)
        } catch {
            throw Failure(description: "admin.tokenFile: \(path): \(error.text)")
        }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard line.count >= shortest, line.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(
                description:
                    "admin.tokenFile: \(path) must hold at least \(shortest) printable characters on one line; make one with: openssl rand -hex 32"
            )
        }
        return Secret(String(decoding: line, as: UTF8.self))
    }
}
