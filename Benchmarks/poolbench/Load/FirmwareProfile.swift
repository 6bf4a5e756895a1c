/// How a family of firmware talks: the order of its handshake and the quirks of its shares.
enum FirmwareProfile: String, CaseIterable, Sendable {
    /// configure, subscribe, authorize; six fields.
    case cgminer
    /// As ESP-Miner: wishes a difficulty after authorizing, asks for extranonces; six fields.
    case bitaxe
    /// Wishes for a fraction; does not pad nonces; knows no version rolling.
    case nerdminer
    /// Wishes for a target with a null id before subscribing; ids that are strings.
    case bfgminer
    /// The same id 4 for every share.
    case cpuminer
    /// No firmware: says nothing before its first share. For servers that know nothing but to answer.
    case bare

    /// The real ones.
    static let mix: [FirmwareProfile] = [.cgminer, .bitaxe, .nerdminer, .bfgminer, .cpuminer]

    /// A line of a handshake. The next one is sent when its id was answered; at once where it has none.
    struct Line: Sendable {
        let id: String?
        let text: String
    }

    func handshake(worker: String) -> [Line] {
        func line(_ id: String?, _ method: String, _ params: String) -> Line {
            Line(id: id, text: "{\"id\":\(id ?? "null"),\"method\":\"\(method)\",\"params\":\(params)}\n")
        }
        let configure = line("1", "mining.configure", #"[["version-rolling"],{"version-rolling.mask":"ffffffff"}]"#)
        let login = "[\"\(worker)\",\"x\"]"
        return switch self {
        case .cgminer: [configure, line("2", "mining.subscribe", #"["cgminer/4.12.0"]"#), line("3", "mining.authorize", login)]
        case .bitaxe:
            [
                configure, line("2", "mining.subscribe", #"["bitaxe/BM1370/v2.9.0"]"#), line("3", "mining.authorize", login),
                line("4", "mining.suggest_difficulty", "[1000]"), line("5", "mining.extranonce.subscribe", "[]"),
            ]
        case .nerdminer:
            [
                line("1", "mining.subscribe", #"["NerdMinerV2/1.7.0"]"#), line("2", "mining.authorize", login),
                line("3", "mining.suggest_difficulty", "[0.00015]"),
            ]
        case .bfgminer:
            [
                line(nil, "mining.suggest_target", "[\"00000000ffff\(String(repeating: "0", count: 52))\"]"),
                line("0", "mining.subscribe", #"["bfgminer/5.5.0"]"#),
                line(nil, "mining.capabilities", #"[{"notify":[],"set_difficulty":{}}]"#),
                line("\"auth\"", "mining.authorize", login), line("\"xnsub\"", "mining.extranonce.subscribe", "[]"),
            ]
        case .bare: []
        case .cpuminer: [line("1", "mining.subscribe", #"["cpuminer/2.5.1"]"#), line("2", "mining.authorize", login)]
        }
    }

    var rollsVersion: Bool { self == .cgminer || self == .bitaxe }
    var padsNonce: Bool { self != .nerdminer }
    /// Null where every share has an id of its own.
    var shareID: String? { self == .cpuminer || self == .bare ? "4" : nil }

    /// `mix`, or names with commas between; nil when one is not known.
    static func list(_ text: String) -> [FirmwareProfile]? {
        if text == "mix" { return mix }
        let names = text.split(separator: ",").map { FirmwareProfile(rawValue: String($0)) }
        return names.isEmpty || names.contains(nil) ? nil : names.compactMap(\.self)
    }
}
