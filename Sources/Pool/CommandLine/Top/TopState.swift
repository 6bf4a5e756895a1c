/// What somebody at `poolctl top` has chosen: the order, a filter, where the table is scrolled to. Keys change it, nothing else.
struct TopState: Equatable, Sendable {
    /// What workers are sorted by.
    enum Order: Character, CaseIterable, Sendable {
        case hashrate = "h"
        case accepted = "a"
        case rejected = "r"
        case difficulty = "d"
        case best = "b"
        case lastShare = "l"
        case name = "n"

        var title: String {
            switch self {
            case .hashrate: "hashrate"
            case .accepted: "accepted"
            case .rejected: "rejected"
            case .difficulty: "difficulty"
            case .best: "best share"
            case .lastShare: "last share"
            case .name: "name"
            }
        }
    }

    var order = Order.hashrate
    var isReversed = false
    /// Only workers whose name holds this, whatever the case of its letters.
    var filter = ""
    var isTyping = false
    var isPaused = false
    var showsHelp = false
    var scroll = 0
    var isOver = false

    /// A key that was pressed.
    enum Key: Equatable, Sendable {
        case character(Character)
        case up
        case down
        case pageUp
        case pageDown
        case enter
        case backspace
        case escape
    }

    mutating func press(_ key: Key) {
        if isTyping { return type(key) }
        switch key {
        case .character("q"), .character("\u{3}"): isOver = true
        case .character("/"): isTyping = true
        case .character("?"): showsHelp.toggle()
        case .character(" "): isPaused.toggle()
        case .character("k"), .up: scroll = max(0, scroll - 1)
        case .character("j"), .down: scroll += 1
        case .pageUp: scroll = max(0, scroll - 10)
        case .pageDown: scroll += 10
        case .escape: (filter, scroll, showsHelp) = ("", 0, false)
        case .character("s"):
            let all = Order.allCases
            order = all[((all.firstIndex(of: order) ?? 0) + 1) % all.count]
            isReversed = false
        case .character(let letter):
            guard let chosen = Order(rawValue: letter) else { return }
            // The same key again turns the order round.
            isReversed = chosen == order ? !isReversed : false
            order = chosen
        case .enter, .backspace: break
        }
    }

    private mutating func type(_ key: Key) {
        switch key {
        case .character("\u{3}"): isOver = true
        case .character(let letter) where filter.count < 64: filter.append(letter)
        case .backspace: if !filter.isEmpty { filter.removeLast() }
        case .enter: isTyping = false
        case .escape: (filter, isTyping) = ("", false)
        default: break
        }
        scroll = 0
    }

    /// The keys in what a terminal sent at once.
    static func keys(_ bytes: [UInt8]) -> [Key] {
        var keys: [Key] = []
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        let sequences: [(String, Key)] = [
            ("\u{1B}[A", .up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OB", .down), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown),
        ]
        while let first = rest.first {
            if let (text, key) = sequences.first(where: { rest.hasPrefix($0.0) }) {
                keys.append(key)
                rest = rest.dropFirst(text.count)
                continue
            }
            rest = rest.dropFirst()
            switch first {
            case "\u{1B}":
                if rest.first == "[" || rest.first == "O" {
                    // Some other sequence: its letters are no keys.
                    rest = rest.dropFirst().drop { !$0.isLetter && $0 != "~" }.dropFirst()
                } else {
                    keys.append(.escape)
                }
            case "\r", "\n", "\r\n": keys.append(.enter)
            case "\u{7F}", "\u{8}": keys.append(.backspace)
            case "\u{3}": keys.append(.character(first))
            default: if first.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) { keys.append(.character(first)) }
            }
        }
        return keys
    }
}
