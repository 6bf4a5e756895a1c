import Hashing
import JSON

/// The miner's side of one Stratum V1 connection: lines in, actions out, no socket.
struct StratumSession {
    enum Action: Equatable {
        case send(String)
        /// Mine this from now on. `isClean`: shares of earlier work are worth nothing any more.
        case work(MiningWork, isClean: Bool)
        case accepted
        case rejected(String)
        /// Leave; nil stays at the same address.
        case reconnect(host: String?, port: UInt16?, afterSeconds: Int)
        case fail(StratumFailure)
    }

    private let user: String
    private let password: String
    private var extranonce1: [UInt8] = []
    private var extranonce2Size = 0
    /// Holds from the next job on, as real miners have it.
    private(set) var difficulty = 1.0
    private var lastID: Int64 = 2
    /// Submits whose answers have not come.
    private var pending: Set<Int64> = []

    private static let subscribeID: Int64 = 1
    private static let authorizeID: Int64 = 2

    init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// What to say first.
    mutating func begin() -> [Action] {
        [request(Self.subscribeID, "mining.subscribe", [.string("\(StratumSession.agent)")])]
    }

    static let agent = "motherlode-miner/1"

    mutating func submit(_ share: MinedShare) -> Action {
        lastID += 1
        pending.insert(lastID)
        let parameters: [JSONValue] = [
            .string(user), .string(share.jobID), .string(Hex.encode(share.extranonce2)), .string(hex(share.time)), .string(hex(share.nonce)),
        ]
        return request(lastID, "mining.submit", parameters)
    }

    /// Takes one line without its end.
    mutating func receive(_ line: [UInt8]) -> [Action] {
        guard let message = try? JSONValue(parsing: line), message.object != nil else { return [.fail(.notJSON)] }
        if let method = message["method"]?.string { return receive(method, message["params"] ?? .null, id: message["id"] ?? .null) }
        guard let id = message["id"]?.integer else { return [] }
        return receive(id, result: message["result"] ?? .null, error: message["error"] ?? .null)
    }

    // MARK: Answers

    private mutating func receive(_ id: Int64, result: JSONValue, error: JSONValue) -> [Action] {
        switch id {
        case Self.subscribeID:
            guard let text = result[1]?.string, let extranonce1 = Hex.decode(text), let size = result[2]?.integer, (0...100).contains(size) else {
                return [.fail(.badSubscription)]
            }
            self.extranonce1 = extranonce1
            extranonce2Size = Int(size)
            return [request(Self.authorizeID, "mining.authorize", [.string(user), .string(password)])]
        case Self.authorizeID:
            return result.bool == true ? [] : [.fail(.unauthorized(Self.reason(error)))]
        default:
            guard pending.remove(id) != nil else { return [] }
            return [result.bool == true && error.isNull ? .accepted : .rejected(Self.reason(error))]
        }
    }

    /// The text of an error triple.
    private static func reason(_ error: JSONValue) -> String {
        error[1]?.string ?? (error.isNull ? "refused" : error.text())
    }

    // MARK: Requests

    private mutating func receive(_ method: String, _ parameters: JSONValue, id: JSONValue) -> [Action] {
        switch method {
        case "mining.notify":
            guard let work = work(parameters) else { return [.fail(.badJob)] }
            return [.work(work, isClean: parameters[8]?.bool ?? true)]
        case "mining.set_difficulty":
            guard let difficulty = parameters[0]?.double, difficulty > 0 else { return [] }
            self.difficulty = difficulty
            return []
        case "mining.set_extranonce":
            guard let extranonce1 = parameters[0]?.string.flatMap({ Hex.decode($0) }), let size = parameters[1]?.integer, (0...100).contains(size)
            else { return [] }
            self.extranonce1 = extranonce1
            extranonce2Size = Int(size)
            return []
        case "client.reconnect":
            let port = parameters[1].flatMap { $0.integer ?? $0.string.flatMap(Int64.init) }.flatMap(UInt16.init(exactly:))
            let seconds = parameters[2].flatMap { $0.integer ?? $0.string.flatMap(Int64.init) } ?? 0
            return [.reconnect(host: parameters[0]?.string, port: port, afterSeconds: Int(min(max(seconds, 0), 3_600)))]
        case "client.get_version": return [answer(id, .string(Self.agent))]
        case "mining.ping": return [answer(id, "pong")]
        default: return []
        }
    }

    private func work(_ parameters: JSONValue) -> MiningWork? {
        guard let jobID = parameters[0]?.string,
            let previous = parameters[1]?.string.flatMap({ Hex.decode($0) }), previous.count == 32,
            let prefix = parameters[2]?.string.flatMap({ Hex.decode($0) }),
            let suffix = parameters[3]?.string.flatMap({ Hex.decode($0) }),
            let siblings = parameters[4]?.array?.map({ $0.string.flatMap { Hex.decode($0) }.flatMap { Hash256(internalBytes: $0) } }),
            let version = parameters[5]?.string.flatMap({ UInt32($0, radix: 16) }),
            let bits = parameters[6]?.string.flatMap({ UInt32($0, radix: 16) }),
            let time = parameters[7]?.string.flatMap({ UInt32($0, radix: 16) })
        else { return nil }
        let branch = siblings.compactMap { $0 }
        // Each four-byte word of the previous hash stands reversed.
        let words = stride(from: 0, to: 32, by: 4).flatMap { previous[$0..<$0 + 4].reversed() }
        guard branch.count == siblings.count, let previousHash = Hash256(internalBytes: words) else { return nil }
        return MiningWork(
            jobID: jobID,
            coinbasePrefix: prefix + extranonce1,
            coinbaseSuffix: suffix,
            extranonce2Size: extranonce2Size,
            branch: branch,
            previousHash: previousHash,
            version: version,
            bits: CompactBits(rawValue: bits),
            time: time,
            target: Target(difficulty: difficulty)
        )
    }

    private func request(_ id: Int64, _ method: String, _ parameters: [JSONValue]) -> Action {
        .send((["id": .integer(id), "method": .string(method), "params": .array(parameters)] as JSONValue).text())
    }

    private func answer(_ id: JSONValue, _ result: JSONValue) -> Action {
        .send((["id": id, "result": result, "error": .null] as JSONValue).text())
    }
}

/// Why a miner leaves a connection.
enum StratumFailure: Error, Hashable {
    case notJSON
    case badSubscription
    case badJob
    case unauthorized(String)
    case lineTooLong
    case closed
    case unreachable(String)
    /// Nothing came for two minutes.
    case silent
}

extension StratumFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .notJSON: "the pool sent a line that is no JSON object"
        case .badSubscription: "the pool's answer to mining.subscribe cannot be read"
        case .badJob: "the pool sent a job that cannot be read"
        case .unauthorized(let reason): "the pool refused the user: \(reason)"
        case .lineTooLong: "the pool sent a line without end"
        case .closed: "the pool closed the connection"
        case .unreachable(let reason): "no connection to the pool: \(reason)"
        case .silent: "nothing came from the pool for two minutes"
        }
    }
}
